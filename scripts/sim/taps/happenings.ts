/** What happens at the exchange and to the account of the trial of taps, past the chat. */
import { followTrails } from '../../../src/app/manage/follow-trails.ts';
import { judgeAndPropose } from '../../../src/app/approval/propose.ts';
import { reconcile } from '../../../src/app/approval/reconcile.ts';
import { refreshAccount } from '../../../src/app/account/refresh-account.ts';
import { resume } from '../../../src/app/halt/resume.ts';
import type { Ports } from '../../../src/app/ports/ports.ts';
import { percent, toNumber } from '../../../src/domain/money/money.ts';
import { MINUTE } from '../../../src/domain/time.ts';
import type { RiskLimits } from '../../../src/risk/terms/limits.ts';
import { aSignal } from '../../../test/app/signals.ts';
import { shownToResume, type Vigil } from '../../../test/app/vigil.ts';

/** What is opened by hand where it is not open. */
const HELD = [
  { symbol: 'BTCUSDT', side: 'LONG', notional: '1500', leverage: 5 },
  { symbol: 'ETHUSDT', side: 'SHORT', notional: '1000', leverage: 5 },
  { symbol: 'SOLUSDT', side: 'LONG', notional: '800', leverage: 3 },
] as const;

export interface Happenings {
  /** Opens by hand what is not open, and lifts a halt, so that there is something to be done. */
  putBack(): Promise<void>;
  signal(at: number): Promise<void>;
  /** A candle closes, and stops that follow are looked after. */
  minute(): Promise<void>;
  read(): Promise<void>;
}

/** What happens at the exchange and to the account. */
export function happeningsOf(vigil: Vigil, withStops: boolean): Happenings {
  const { ports } = vigil;
  let signals = 0;
  return {
    putBack: async () => {
      const { positions } = await vigil.truth();
      const missing = HELD.filter(({ symbol }) =>
        positions.every((each) => each.symbol !== symbol),
      );
      for (const each of missing) {
        await vigil.control('position', {
          ...each,
          ...(withStops ? await stopOf(ports, each) : {}),
        });
      }
      await refreshAccount(ports).catch(() => undefined);
      await resume(ports, await shownToResume(ports, true)).catch(() => undefined);
    },
    signal: async (which) => {
      signals += 1;
      const symbol = which < 0.5 ? 'XRPUSDT' : 'DOGEUSDT';
      const id = `${symbol}-${signals}`;
      const signal = await aSignal(ports, { symbol, id }).catch(() => undefined);
      if (signal !== undefined) await judgeAndPropose(ports, [signal]).catch(() => undefined);
    },
    minute: async () => {
      await vigil.leap(16 * MINUTE);
      await followTrails(ports).catch(() => undefined);
      await reconcile(ports).catch(() => undefined);
    },
    read: () => refreshAccount(ports).catch(() => undefined),
  };
}

/** A stop 6 % away from the price of now. */
async function stopOf(
  { market }: Pick<Ports, 'market'>,
  { symbol, side }: (typeof HELD)[number],
): Promise<{ readonly stop?: string }> {
  const tickers = await market.tickers().catch(() => []);
  const mark = tickers.find((each) => each.symbol === symbol)?.mark;
  if (mark === undefined) return {};
  const level = toNumber(mark) * (side === 'LONG' ? 0.94 : 1.06);
  return { stop: String(Number(level.toPrecision(4))) };
}

/** What is bought and sold at random loses; here it is not to be the limits that say no. */
export const generous = (limits: RiskLimits): RiskLimits => ({
  ...limits,
  dailyLoss: percent('90'),
  weeklyLoss: percent('90'),
  drawdown: percent('90'),
  lossStreak: 10_000,
  maxTradesPerDay: 10_000,
  maxPositions: 10,
  maxCorrelated: 10,
  maxHeat: percent('90'),
  symbolCoolDownMs: 0,
});
