/** The owner who asks for this and that while alerts pour in, and measures how long each answer takes. */
import { setTimeout as delay } from 'node:timers/promises';
import { textOf } from '../../../test/acceptance/owner.ts';
import type { Stage } from './stage.ts';
import type { Hurting } from './trial.ts';

export interface Asked {
  readonly command: string;
  /** Milliseconds until the answer; undefined: none was measured. */
  readonly ms: number | undefined;
  readonly broken?: string;
}

/** What each answer begins with. */
const ANSWERS: Readonly<Record<string, RegExp>> = {
  '/status': /^Status/,
  '/balance': /^Balance/,
  '/positions': /^Positions/,
  '/position BTC': /^\S* ?(Position|BTCUSDT)/,
  '/risk': /^Risk/,
  '/exposure': /^Exposure/,
  '/stress': /^What if/,
  '/limits': /^Limits/,
  '/signals': /^Signals/,
  '/strategies': /^Strategies/,
  '/universe': /^Universe/,
  '/pnl': /^Profit and loss/,
  '/alerts': /^Now/,
  '/help': /^What I can do/,
  '/panic': /^Close all positions\?/,
};
/** What was asked while something was hurt may be lost with it, or be from before a start: it is asked again then. */
const LOST_MS = 6_000;
/** An answer that comes at all comes by then. */
const EVER_MS = 30_000;
const PAUSE_MS = 700;

/** Asks each command until it was measured once outside of what makes an answer impossible. */
export async function askAll(
  { phone }: Pick<Stage, 'phone'>,
  about: {
    readonly commands: readonly string[];
    readonly hurting: Hurting;
    readonly withinMs: number;
    readonly over: () => boolean;
  },
): Promise<readonly Asked[]> {
  const { hurting, over } = about;
  const asked: Asked[] = [];
  for (const command of about.commands) {
    let found: Asked | undefined;
    while (found === undefined) {
      while (hurting.now() !== undefined) await delay(50);
      found = await askOnce(phone, command, about);
    }
    asked.push(found);
    await delay(over() ? 0 : PAUSE_MS);
  }
  return asked;
}

/** Undefined where something was hurt before the answer came. */
async function askOnce(
  phone: Stage['phone'],
  command: string,
  { hurting, withinMs }: { readonly hurting: Hurting; readonly withinMs: number },
): Promise<Asked | undefined> {
  const words = ANSWERS[command] ?? /./;
  const begun = hurting.begun();
  const from = performance.now();
  const after = await phone.newest();
  await phone.send(command);
  let calmFrom = from;
  for (;;) {
    const answers = (await phone.heard()).filter(({ id }) => id > after);
    const now = performance.now();
    const hurt = hurting.begun() !== begun;
    if (answers.some((each) => words.test(textOf(each)))) {
      if (hurt) return undefined;
      const ms = now - from;
      return ms > withinMs
        ? { command, ms, broken: `answered after ${(ms / 1_000).toFixed(1)} s` }
        : { command, ms };
    }
    if (hurting.now() !== undefined) calmFrom = now;
    if (hurt && now - calmFrom > LOST_MS) return undefined;
    if (!hurt && now - from > EVER_MS) return { command, ms: undefined, broken: 'never answered' };
    await delay(50);
  }
}
