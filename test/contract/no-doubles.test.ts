import { expect, it } from 'vitest';
import { qty } from '../../src/domain/money/money.ts';
import type { Order, WriteOutcome } from '../../src/domain/order.ts';
import { accountOf, tradingOf } from './contract-case.ts';
import { lookUp } from '../exchange/support/look-up.ts';
import { anEntry } from './small-entry.ts';
import { venueTarget, type VenueTarget } from './venue-target.ts';

/** More with VIGIL_FAULT_RUNS=10000; each run prints its seed when it fails. */
const RUNS = Number.parseInt(process.env['VIGIL_FAULT_RUNS'] ?? '', 10) || 12;
const FIRST_SEED = Number.parseInt(process.env['VIGIL_FAULT_SEED'] ?? '', 10) || 1;
const SIZE = qty('0.01');

/** Real time that one run may take; a run that works takes a tenth of a second on a machine that is idle. */
const PATIENCE_MS = 60_000;

/** Reads until the exchange answers: faults go on while it is asked. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (performance.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

/** What an executor does: send, look up what is unknown, send again with the same id only when it is surely absent. */
async function placeOnce(target: VenueTarget, clientId: string): Promise<Order | WriteOutcome> {
  const entry = await patiently(() => anEntry(target, { side: 'long', qty: SIZE }));
  for (let attempt = 0; ; attempt += 1) {
    const outcome = await tradingOf(target).placeEntry(entry, clientId);
    if (outcome.kind === 'rejected' && attempt >= 5) return outcome;
    if (outcome.kind === 'rejected') continue;
    const clock = { speed: target.venue.speed };
    const known = await lookUp(accountOf(target), clientId, { forMs: 30_000, clock });
    if (known.kind === 'found') return known.order;
    if (attempt >= 5) return { kind: 'unknown', reason: 'it stays unknown' };
  }
}

it(`places no order twice and loses none in ${RUNS} runs with faults by chance`, async () => {
  const doubled: string[] = [];
  for (let seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed += 1) {
    const target = await venueTarget({
      speed: 300,
      rateLimits: false,
      // At this speed a busy machine would make every signature too old.
      quirks: { receiveWindowMs: 10 * PATIENCE_MS * 300 },
      market: { kind: 'generated', seed, symbols: 8 },
      faults: {
        seed,
        rate: 0.15,
        kinds: [
          'lost-reply',
          'network-error',
          'rate-limited',
          'bad-sign',
          'html-403',
          'order-not-found',
        ],
      },
    });
    try {
      const end = await placeOnce(target, `run${seed}`);
      const positions = await patiently(() => accountOf(target).positions());
      const history = await patiently(() => accountOf(target).orderHistory(0));
      const entries = history.filter((order) => !order.reduceOnly && order.clientId !== undefined);
      const size = positions.map((each) => each.qty);
      const consistent = 'id' in end ? entries.length === 1 : entries.length <= 1;
      const sized = size.length === 0 || (size.length === 1 && size[0] === SIZE);
      if (!consistent || !sized)
        doubled.push(`seed ${seed}: ${entries.length} orders, ${size.length} positions`);
    } finally {
      await target.close();
    }
  }
  expect(doubled).toEqual([]);
}, 0);
