import { FEEDS, type FeedName, type FeedReport } from '../../app/ports/feeds.ts';
import { formatDuration } from '../../domain/time.ts';
import type { Scene } from './footer.ts';

/** A process that has said nothing for so long (wall time) may be gone: what it said last is not shown as true. */
const REPORT_OLD_MS = 15_000;

const NAMES: Record<FeedName, string> = {
  requests: 'Requests',
  'price stream': 'Price stream',
  'account stream': 'Account stream',
};

/** One line for each feed of the exchange, and the drift of its clock; all ages are wall time. */
export function feedLines(
  feeds: readonly FeedReport[] | string,
  scene: Pick<Scene, 'now' | 'speed'>,
): readonly string[] {
  if (typeof feeds === 'string') return [`Feeds: unavailable (${feeds})`];
  const lines = FEEDS.map((name) => {
    const report = feeds.find((each) => each.feed === name);
    return `${NAMES[name]}: ${report === undefined ? 'no report yet' : stateOf(report, scene)}`;
  });
  const offset = feeds.find((each) => each.feed === 'requests')?.clockOffsetMs;
  return [
    ...lines,
    `Exchange clock: ${offset === undefined ? 'not measured yet' : driftOf(offset)}`,
  ];
}

function stateOf(report: FeedReport, scene: Pick<Scene, 'now' | 'speed'>): string {
  const speed = scene.speed > 0 ? scene.speed : 1;
  const age = Math.max(0, scene.now - report.at) / speed;
  if (age > REPORT_OLD_MS) {
    return `unknown: the process that runs it has said nothing for ${formatDuration(age)}`;
  }
  const inState = formatDuration(Math.max(0, scene.now - report.since) / speed);
  const why = report.reason === '' ? '' : `: ${report.reason}`;
  switch (report.state) {
    case 'live':
      return `live${heard(report, age)}${report.reason === '' ? '' : ` ❗ ${report.reason}`}`;
    case 'idle':
      return 'idle: it follows open positions, and knows of none';
    case 'connecting':
      return `connecting for ${inState}`;
    case 'stale':
      return `❗ lost for ${inState}${why}`;
    case 'paused':
      return `❗ paused for ${inState}${why}`;
    case 'closed':
      return 'closed';
  }
}

function heard({ silentMs }: FeedReport, age: number): string {
  if (silentMs === undefined) return '';
  const ago = silentMs + age;
  return ago < 1_000 ? ', heard just now' : `, last heard ${formatDuration(ago)} ago`;
}

/** The exchange names whole seconds only, so a drift is known to about half a second. */
function driftOf(offsetMs: number): string {
  if (offsetMs === 0) return 'agrees with ours';
  const by = formatDuration(Math.abs(offsetMs));
  return `${by} ${offsetMs > 0 ? 'ahead of' : 'behind'} ours; Vigil goes by its time`;
}
