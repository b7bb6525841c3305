/** Whether every alert is accounted for, none is doubled without saying so, and what endangers money came first. */
import type { Severity } from '../../../src/domain/alert.ts';
import type { Said } from '../../drill/chatter.ts';
import { gapsIn } from '../../drill/report.ts';

export interface Raised {
  readonly title: string;
  readonly severity: Severity;
  /** When it was stored, steady milliseconds. */
  readonly at: number;
}

/** What was raised so shortly before may still be on its way, or have been refused and wait for its next turn. */
const ON_ITS_WAY_MS = 10_000;
const NUMBER = /#(\d+) /g;

interface Told {
  readonly at: number;
  readonly id: number;
  readonly marked: boolean;
  /** First line of its message. */
  readonly head: string;
}

const placeOf = ({ id, at, head }: Told): string =>
  `message ${id} (${(at / 1_000).toFixed(1)} s, "${head.slice(0, 60)}")`;

export function judge(about: {
  readonly raised: readonly Raised[];
  readonly said: readonly Said[];
  readonly hurts: readonly { readonly from: number; readonly to: number }[];
}): { readonly broken: readonly string[]; readonly marked: number } {
  // The answer to /alerts lists what was told and what is still to be told.
  const said = about.said.filter(({ text }) => !text.startsWith('Now\n'));
  const told = new Map(about.raised.map(({ title }) => [title, tellingsOf(title, said)]));
  const lost = about.raised.filter(({ title }) => told.get(title)?.length === 0);
  const doubled = [...told].filter(([, all]) => all.slice(1).some(({ marked }) => !marked));
  const numbers = new Set(
    said.flatMap(({ text }) => [...text.matchAll(NUMBER)].map(([, each]) => Number(each))),
  );
  return {
    broken: [
      ...lost.map(({ title }) => `lost: ${title}`),
      ...doubled.map(
        ([title, all]) => `twice, unmarked: ${title} in ${all.map(placeOf).join(' and ')}`,
      ),
      ...gapsIn(numbers).map((each) => `no trace of ${each}`),
      ...overtaken(about.raised, told, about.hurts),
    ],
    marked: [...told.values()].flat().filter(({ marked }) => marked).length,
  };
}

/** Every message or line that tells it, oldest first. */
const tellingsOf = (title: string, said: readonly Said[]): readonly Told[] =>
  said.flatMap(({ id, at, text }) =>
    text
      .split('\n')
      .filter((line) => line.includes(title))
      .map((line) => ({
        id,
        at,
        marked: line.includes('(may be a repeat)'),
        head: text.split('\n')[0] ?? '',
      })),
  );

/** Critical ones that were stored and free to go, and after which lesser ones went out first. */
function overtaken(
  raised: readonly Raised[],
  told: ReadonlyMap<string, readonly Told[]>,
  hurts: readonly { readonly from: number; readonly to: number }[],
): readonly string[] {
  const first = ({ title }: Raised): Told | undefined => told.get(title)?.[0];
  const lesser = raised.filter(({ severity }) => severity !== 'critical').map(first);
  return raised.flatMap((critical) => {
    const arrived = first(critical);
    if (critical.severity !== 'critical' || arrived === undefined) return [];
    const between = lesser.filter(
      (each) =>
        each !== undefined &&
        each.id < arrived.id &&
        each.at > critical.at + ON_ITS_WAY_MS &&
        !hurts.some(({ from, to }) => each.at >= from && each.at <= to),
    );
    const since = (critical.at / 1_000).toFixed(1);
    const line = `overtaken by ${between.length}: ${critical.title}, stored at ${since} s, in ${placeOf(arrived)}`;
    return between.length === 0 ? [] : [line];
  });
}
