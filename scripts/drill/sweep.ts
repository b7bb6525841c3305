/**
 * Nothing is hurt, and nothing is hurried: at the exchange's own pace and within its limits on frequency Vigil reads the candles of all
 * contracts, as after each first start, while the owner trades and asks. What is told and answered meanwhile must come as soon as ever.
 */
import { judgeAndPropose } from '../../src/app/approval/propose.ts';
import type { Ports } from '../../src/app/ports/ports.ts';
import { toText } from '../../src/domain/money/money.ts';
import { wire, type Wiring } from '../../src/process/wiring.ts';
import type { Quirks } from '../../src/simulator/venue/quirks.ts';
import { buttonsOf, textOf } from '../../test/acceptance/owner.ts';
import { until } from '../../test/acceptance/wait.ts';
import { aSignal } from '../../test/app/signals.ts';
import { doubledIn, gapsIn, linesOf, type DrillReport } from './report.ts';
import { ACCOUNT, KEY, openRig, type DrillRig, type Mode } from './rig.ts';

export interface Sweep {
  readonly name: string;
  readonly meaning: string;
  readonly modes: readonly Mode[];
  readonly symbols: number;
  /** Each is an idea that is approved, a position that another program opens, its stop that is touched, and commands. */
  readonly rounds: number;
  readonly quirks: Partial<Quirks>;
}

const COMMON = { modes: ['one', 'split', 'standby'], symbols: 306, rounds: 2 } as const;

export const SWEEPS: readonly Sweep[] = [
  {
    name: 'sweep',
    meaning: "at the exchange's own pace, while the candles of all contracts are read",
    ...COMMON,
    quirks: {},
  },
  {
    name: 'sweep-shared',
    meaning: 'the same where the exchange counts all requests of an address or a key together',
    ...COMMON,
    quirks: { rateScope: 'shared' },
  },
];

/** Seconds. The account is read every 5 s and after each event of its stream; a touched stop waits for no reading. */
const WITHIN = { opened: 10, touched: 3, approved: 10, closed: 15, answered: 3 } as const;
const WAITS_MS = 60_000;
/** What is news to the owner only where something is wrong. */
const ALARM =
  /^(🔴(?! Closing)|⚠️)|Lost again|Read directly|has not answered|not read your|too old|No prices|clock is|NOT FULLY PROTECTED/u;
const ASKED = ['/balance', '/positions', '/status'] as const;
const ANSWERS: Readonly<Record<string, RegExp>> = {
  '/balance': /^Balance\n[\s\S]*\blive\b/,
  '/positions': /^Positions/,
  '/status': /^Status/,
  '/halt': /^(New trades are paused as of now|Trading is halted\.)/,
};
const IS_ANSWER = /^(Balance|Positions|Status)/;

export async function runSweep(mode: Mode, sweep: Sweep): Promise<DrillReport> {
  const { symbols, quirks } = sweep;
  const rig = await openRig(mode, { privateRedis: false, symbols, flat: true, quirks });
  let beside: Wiring | undefined;
  try {
    beside = await wireBeside(rig);
    return await play(rig, beside.ports, sweep);
  } finally {
    await beside?.close();
    await rig.close();
  }
}

/** Doors to the same store and exchange, for the idea that the scan would have. */
async function wireBeside({ exchange, store }: DrillRig): Promise<Wiring> {
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const config = {
    mode: 'live',
    exchangeUrl: exchange,
    redisUrl: store.url,
    ...KEY,
    roles: ['worker'],
    account: ACCOUNT,
    dataDir: 'unused',
    logLevel: 'silent',
  } as const;
  const wiring = await wire(config, silent);
  await wiring.ports.places.save('agreement', { place: 'push', by: 'owner', at: Date.now() });
  return wiring;
}

interface Figure {
  readonly what: string;
  readonly tookS: number;
  readonly withinS: number;
}

interface Deed {
  readonly withinS: number;
  readonly act: () => Promise<unknown>;
  /** What leads up to it is the owner's own time: the seconds count from its end, not from its begin. */
  readonly fromEnd?: true;
}

/** What was asked for, with the seconds until it was there. */
interface Watch {
  readonly figures: readonly Figure[];
  readonly missing: readonly string[];
  /** Does it, and counts until one more message says this. */
  told(what: string, words: RegExp, does: Deed): Promise<void>;
}

function watch({ phone }: DrillRig): Watch {
  const figures: Figure[] = [];
  const missing: string[] = [];
  const count = async (words: RegExp): Promise<number> =>
    (await phone.heard()).filter((each) => words.test(textOf(each))).length;
  return {
    figures,
    missing,
    told: async (what, words, { withinS, act, fromEnd }) => {
      const known = await count(words);
      const begun = performance.now();
      await act();
      const from = fromEnd === true ? performance.now() : begun;
      await until(async () => (await count(words)) > known, {
        says: () => what,
        ms: WAITS_MS,
      }).then(
        () => figures.push({ what, tookS: (performance.now() - from) / 1_000, withinS }),
        () => missing.push(what),
      );
    },
  };
}

async function play(rig: DrillRig, ports: Ports, sweep: Sweep): Promise<DrillReport> {
  const before = rig.chatter.said().length;
  const linesBefore = linesOf(rig);
  await resume(rig);
  const began = performance.now();
  const watched = watch(rig);
  for (let round = 0; round < sweep.rounds; round += 1) await playRound(rig, ports, watched, round);
  const left = await unread(ports, rig.symbols);
  await playEnd(rig, watched);
  const seconds = (performance.now() - began) / 1_000;
  const { figures, missing } = watched;
  const news = rig.chatter.said().slice(before);
  const late = figures.filter(({ tookS, withinS }) => tookS > withinS);
  const lost = [...missing, ...gapsIn(rig.chatter.numbers())];
  const unasked = news.filter(({ text }) => !IS_ANSWER.test(text));
  const doubled = doubledIn(unasked);
  return {
    raised: [
      ...figures.map(({ what, tookS }) => `${what}: ${tookS.toFixed(1)} s`),
      `${left} of ${rig.symbols.length} contracts were still to be read when the last was asked; ${seconds.toFixed(0)} s in all`,
      ...unasked.map(({ at, text }) => `${((at - began) / 1_000).toFixed(0)} s ${gistOf(text)}`),
    ],
    knewS: Math.max(...figures.map(({ tookS }) => tookS)),
    lost,
    doubled,
    worked: figures.map(({ what }) => what).filter((what) => what.startsWith('/')),
    logged: (linesOf(rig) - linesBefore) / seconds,
    broken: [
      ...late.map(
        ({ what, tookS, withinS }) => `${what} after ${tookS.toFixed(1)} s, not ${withinS}`,
      ),
      ...lost.map((each) => `lost: ${each}`),
      ...doubled.map((each) => `twice: ${each}`),
      ...unasked
        .filter(({ text }) => ALARM.test(text))
        .map(({ text }) => `a false alarm: ${gistOf(text)}`),
      ...(left === 0 ? ['the sweep was over before the last was asked'] : []),
      ...rig.vigils.filter((each) => !each.running()).map(({ roles }) => `ended: ${roles}`),
    ],
  };
}

const say = ({ phone }: DrillRig, { told }: Watch, command: string): Promise<void> =>
  told(command, ANSWERS[command] ?? /./, {
    withinS: WITHIN.answered,
    act: () => phone.send(command),
  });

async function playRound(
  rig: DrillRig,
  ports: Ports,
  watched: Watch,
  round: number,
): Promise<void> {
  const { told } = watched;
  const [idea = '', opened = ''] = rig.symbols.slice(1 + 2 * round);
  await told(`approved: ${idea} opened`, new RegExp(`Done: ${idea}`), {
    withinS: WITHIN.approved,
    act: () => approve(rig, ports, idea),
    fromEnd: true,
  });
  await told(`opened by another program: ${opened}`, new RegExp(`${opened} long (was )?opened`), {
    withinS: WITHIN.opened,
    act: () => openNear(rig, ports, opened),
  });
  for (const command of ASKED) await say(rig, watched, command);
  await told(`stop touched: ${opened}`, new RegExp(`${opened} long: stop at .* reached`), {
    withinS: WITHIN.touched,
    act: () => rig.control('price', { symbol: opened, percent: -4 }),
  });
}

async function playEnd(rig: DrillRig, watched: Watch): Promise<void> {
  await say(rig, watched, '/halt');
  await say(rig, watched, '/balance');
  await watched.told('/panic: all closed', /Done: entry orders cancelled, positions closed/, {
    withinS: WITHIN.closed,
    act: () => panic(rig),
  });
}

const gistOf = (text: string): string =>
  text
    .split('\n')
    .slice(0, text.includes('Not opened') ? 3 : 1)
    .join(' ');

/** A first start with real money waits for it. */
async function resume({ phone }: DrillRig): Promise<void> {
  const question = await until(
    async () => {
      const asked = await phone.ask('/resume', /^(Resume trading\?|Resuming is not possible)/);
      return buttonsOf(asked).some(({ text }) => text.startsWith('Confirm')) && asked;
    },
    { says: () => 'trading can be resumed' },
  );
  await phone.tap(question, 'Confirm: resume');
  await phone.hears(/^Resumed/);
}

/** An idea comes, and the owner taps Approve and Confirm at once. */
async function approve({ phone }: DrillRig, ports: Ports, symbol: string): Promise<void> {
  const [entry] = await judgeAndPropose(ports, [await aSignal(ports, { symbol })]);
  if (entry?.fate !== 'proposed') {
    const why = entry?.refusals.map(({ sentence }) => sentence).join(' ');
    throw new Error(`${symbol} is ${entry?.fate}: ${why}`);
  }
  const card = await phone.hears(new RegExp(`Signal: ${symbol} long`));
  await phone.tap(card, 'Approve');
  const asked = await phone.hears(/^(Confirm|Not possible now): /, { after: card.id });
  await phone.tap(asked, 'Confirm');
}

/** Past Vigil, with a stop 2 % below the price. */
async function openNear(rig: DrillRig, ports: Ports, symbol: string): Promise<void> {
  const { stop } = await aSignal(ports, { symbol });
  const position = { symbol, side: 'LONG', notional: '1000', leverage: 2, stop: toText(stop) };
  await rig.control('position', position);
}

async function panic({ phone }: DrillRig): Promise<void> {
  const question = await phone.ask('/panic', /^Close/);
  const button = buttonsOf(question).find(({ text }) => text.startsWith('Confirm'));
  if (button === undefined) throw new Error(`nothing to confirm: ${textOf(question)}`);
  await phone.press(question, button.data);
}

/** Contracts of which not all candles are there yet. */
async function unread(
  { candles }: Pick<Ports, 'candles'>,
  symbols: readonly string[],
): Promise<number> {
  const there = await candles.newest(symbols, '4h');
  return symbols.filter((each) => !there.has(each)).length;
}
