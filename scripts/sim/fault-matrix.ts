/** Every fault against every write: the end is what one successful call makes, or an alert says that it is not, or not known. */
import { executeProposal } from '../../src/app/approval/execute-proposal.ts';
import type { Ports } from '../../src/app/ports/ports.ts';
import { messageOf } from '../../src/app/reading/reading.ts';
import { FAULTS, type Fault } from '../../src/simulator/venue/fault-kinds.ts';
import { inPlace, pollUntilSeen, truthOf, type Rig } from './rig.ts';
import { begin, beginLife, type Place } from './life.ts';
import { MATRIX_WRITES, type MatrixWrite, type Ready } from './matrix-writes.ts';
import type { Truth } from './promises.ts';

/** A market in which the entry passes the gate. */
const SEED = 1;

/** What lasts, or strikes where it bites, is drawn at every occasion; the rest is aimed at the write's own requests, this often. */
const EVERYWHERE: ReadonlySet<Fault> = new Set<Fault>([
  'clock-skew',
  'order-not-found',
  'hidden-order',
  'stale-tpsl',
  'empty-list',
  'lagging-list',
  'wallet-step',
  'negative-available',
  'no-liq-price',
  'partial-then-cancel',
  'order-system-cancel',
  'tpsl-system-cancel',
  'tpsl-fails',
  'delist',
  'missed-event',
  'doubled-event',
  'reordered-event',
  'silent-sockets',
  'drop-sockets',
]);
const AMOUNTS: Partial<Readonly<Record<Fault, number>>> = {
  'late-request': 20_000,
  refused: 20_011,
  slow: 5,
  'long-call': 9_000,
  'wallet-step': 20,
  'negative-available': 20,
  'partial-then-cancel': 0.4,
};
const TIMES: Partial<Readonly<Record<Fault, number>>> = { 'rate-limited': 2, 'bad-sign': 2 };

export interface Pair {
  readonly fault: Fault;
  readonly write: MatrixWrite;
}

export const PAIRS: readonly Pair[] = MATRIX_WRITES.flatMap((write) =>
  FAULTS.map((fault) => ({ fault, write })),
);

export interface PairReport {
  readonly pair: string;
  readonly end: 'done' | 'told';
  /** What is wrong; undefined when all is well. */
  readonly broken?: string;
}

/** The reports of these pairs, so many at the same time. */
export async function runPairs(
  pairs: readonly Pair[],
  rig: Rig,
  atOnce: number,
): Promise<readonly PairReport[]> {
  const waiting = [...pairs];
  const reports: PairReport[] = [];
  const worker = async (): Promise<void> => {
    for (let pair = waiting.shift(); pair !== undefined; pair = waiting.shift())
      reports.push(await runPair(pair, rig));
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return reports;
}

/** Makes the write under the fault, lets the exchange be well again, and judges what is there. */
async function runPair({ fault, write }: Pair, rig: Rig): Promise<PairReport> {
  const pair = `${fault} x ${write.name}`;
  const account = `matrix-${pair.replaceAll(' ', '-')}`;
  try {
    return await inPlace(rig, { seed: SEED, account }, async (place) => {
      const life = beginLife(place, () => 1);
      try {
        await begin(life.ports);
        const ready = await write.prepare(place, life.ports);
        await arm(place, { fault, write });
        const said = await ready.make(life.ports);
        await place.control('fault', { fault: 'clear' });
        await settle(place, life.ports);
        const alerts = await place.store.outbox.recent(1_000);
        const told = said ?? alerts.find((each) => ready.notDone.test(each.title))?.title;
        return { pair, ...judge(ready, await truthOf(place.venue), told) };
      } finally {
        await life.close();
      }
    });
  } catch (error) {
    return { pair, end: 'told', broken: `it ended early: ${messageOf(error)}` };
  }
}

async function arm({ control }: Place, { fault, write }: Pair): Promise<void> {
  const amount = AMOUNTS[fault];
  const amounts = amount === undefined ? {} : { [fault]: amount };
  await control(
    'fault',
    EVERYWHERE.has(fault)
      ? { fault: 'by-chance', seed: 1, rate: 1, kinds: [fault], amounts }
      : { fault, path: write.path, count: TIMES[fault] ?? 1, amount },
  );
}

async function settle(place: Place, ports: Ports): Promise<void> {
  for (let round = 0; round < 12; round += 1) {
    const open = (await place.store.proposals.recent(5)).filter(({ status }) =>
      ['approved', 'executing', 'unknown'].includes(status),
    );
    if (open.length === 0) break;
    for (const { id } of open) await executeProposal(ports, id);
    await ports.pause(8_000);
  }
  await pollUntilSeen(ports);
}

/** Done, or not done and told; anything else is broken. */
export function judge(
  ready: Ready,
  truth: Truth,
  told: string | undefined,
): { readonly end: 'done' | 'told'; readonly broken?: string } {
  const [done, undone] = [ready.done(truth), ready.undone(truth)];
  if (done && undone) return { end: 'done', broken: 'the two ends cannot be told apart' };
  if (done) return { end: 'done' };
  const shown = JSON.stringify({
    positions: truth.positions.map(({ symbol, qty }) => `${symbol} ${qty}`),
    orders: truth.orders.length,
    stops: truth.tpsl.map(({ slPrice }) => slPrice),
  });
  if (!undone) return { end: 'told', broken: `it is something in between: ${shown}` };
  if (told === undefined)
    return { end: 'told', broken: `it was not carried out and nobody says so: ${shown}` };
  return { end: 'told' };
}
