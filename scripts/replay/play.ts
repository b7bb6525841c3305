/** Plays a replay to its end with the owner at the chat, looking at the exchange all the time. */
import type { Side } from '../../src/domain/position.ts';
import { formatUtc, HOUR, MINUTE } from '../../src/domain/time.ts';
import type { ScanReport } from '../../src/domain/scan-report.ts';
import type { Store } from '../../src/store/store.ts';
import type { Demo } from '../../test/acceptance/demo-process.ts';
import { phoneAt, textOf, type Phone } from '../../test/acceptance/owner.ts';
import { control } from '../../test/acceptance/venue-truth.ts';
import type { Options } from './options.ts';
import { changeLimits, createOwner } from './owner.ts';
import { look, type EquityPoint, type Look, type Moment } from './watch.ts';

const EVERY_MS = 100;
const SHOWN_EVERY_MS = 10_000;
/**
 * The replay's clock slows down while Vigil scans a new candle and while the owner decides, so that what comes out depends on the
 * candles and not on the machine: at 120 times real time three busy seconds are six minutes of the market.
 */
const CAREFUL = { speed: 5, decidingMs: 2_000, firstScanMs: 120_000, scanMs: 5 * MINUTE };

/** What a replay left behind. */
export interface Played {
  readonly points: readonly EquityPoint[];
  readonly closed: Look['closed'];
  /** What the gate refused, as a card that never came or at a tap on Approve. */
  readonly refusals: readonly Moment[];
  readonly changedLimits: readonly string[];
}

/** Rejects when the demo does not answer. */
export async function play(options: Options, demo: Demo, store: Store): Promise<Played> {
  const phone = await phoneAt(demo.chatUrl);
  const pace = createPace(options, demo);
  await pace.careful();
  await phone.ask(`/start ${demo.code ?? ''}`, 'Paired');
  for (const name of options.push) await phone.ask(`/strategies ${name} push`, name);
  const changedLimits = await changeLimits(phone, options.limits);
  const points: EquityPoint[] = [];
  const refusals = new Map<string, Moment>();
  const owner = createOwner(phone, options.sides);
  const shocks = [...options.shocks];
  const say = reporter();
  let last = await look(demo.controlUrl);
  while (last.point.at < options.to) {
    last = await look(demo.controlUrl);
    const { at } = last.point;
    if (points.at(-1)?.at !== at) points.push(last.point);
    if ((shocks[0]?.at ?? Infinity) <= at) {
      await control(demo.controlUrl, 'price', { symbol: '*', percent: shocks.shift()?.percent });
    }
    const wants = last.open < options.hold && at < options.until;
    const tapped = await owner.decide(wants);
    const scanned = await store.scans.latest();
    await pace.follow({ at, tapped, scanned });
    await noteTaps(phone, at, refusals);
    noteScan(scanned, options.sides, refusals);
    say(last);
    await new Promise((wake) => setTimeout(wake, EVERY_MS));
  }
  await control(demo.controlUrl, 'speed', { speed: 0 });
  phone.hangUp();
  return { points, closed: last.closed, refusals: [...refusals.values()], changedLimits };
}

/** Keeps the venue's clock slow while something is under way, and fast for the rest. */
function createPace({ speed }: Options, { controlUrl }: Demo) {
  const began = performance.now();
  let now = speed;
  let tappedAt = -Infinity;
  const set = async (wished: number): Promise<void> => {
    if (wished === now) return;
    now = wished;
    await control(controlUrl, 'speed', { speed: wished });
  };
  return {
    careful: () => set(Math.min(speed, CAREFUL.speed)),
    follow: async (seen: { at: number; tapped: boolean; scanned: ScanReport | undefined }) => {
      const wall = performance.now();
      if (seen.tapped) tappedAt = wall;
      const candle = Math.floor(seen.at / HOUR) * HOUR;
      const late = (seen.scanned?.candleClosedAt ?? 0) < candle;
      const first = seen.scanned === undefined && wall - began < CAREFUL.firstScanMs;
      const scanning = late && (first || seen.at - candle < CAREFUL.scanMs);
      const busy = scanning || wall - tappedAt < CAREFUL.decidingMs;
      await set(busy ? Math.min(speed, CAREFUL.speed) : speed);
    },
  };
}

function reporter(): (last: Look) => void {
  let shown = -Infinity;
  return ({ point, open }) => {
    if (performance.now() - shown < SHOWN_EVERY_MS) return;
    shown = performance.now();
    console.log(`${formatUtc(point.at)}  equity ${point.equity.toFixed(2)}  open ${open}`);
  };
}

/** What was said at a tap on Approve that the gate did not let through. */
async function noteTaps(phone: Phone, at: number, known: Map<string, Moment>): Promise<void> {
  for (const message of await phone.heard()) {
    const text = textOf(message);
    if (!/^(\S+ )?Not (possible now|opened): /.test(text)) continue;
    const said = text.split('\n').slice(0, -1).join(' ');
    if (!known.has(said)) known.set(said, { at, text: said });
  }
}

/** Signals of the wanted sides that the gate refused before they became a card. */
function noteScan(
  report: ScanReport | undefined,
  sides: readonly Side[],
  known: Map<string, Moment>,
): void {
  for (const { signal, fate, refusals } of report?.found ?? []) {
    if (!sides.includes(signal.side) || fate !== 'refused' || known.has(signal.id)) continue;
    const text = `${signal.side} ${signal.symbol}, no card: ${refusals.map((each) => each.sentence).join(' ')}`;
    known.set(signal.id, { at: signal.candleClosedAt, text });
  }
}
