import { equityOf } from '../../domain/account.ts';
import type { Ratio } from '../../domain/money/money.ts';
import type { Excursion } from '../../risk/terms/excursion.ts';
import { heatOfPosition, type PositionHeat } from '../../risk/terms/heat.ts';
import { markOf, type Position } from '../../domain/position.ts';
import { liquidationDistance } from '../../risk/portfolio/portfolio.ts';
import type { Timestamp } from '../../domain/time.ts';
import { typedChange } from '../manage/change-words.ts';
import type { Ports } from '../ports/ports.ts';
import { readPositions, type PositionView } from './read-positions.ts';
import type { Reading } from '../reading/reading.ts';
import { resolveSymbol } from '../reading/resolve-symbol.ts';

/** One open position in full. */
export interface PositionDetail {
  readonly view: PositionView;
  readonly heat: PositionHeat;
  /** How far the mark price is from liquidation; undefined when the exchange names none. */
  readonly liquidationAway: Ratio | undefined;
  /** Worst and best open P&L since Vigil watched it; undefined: not seen before. */
  readonly excursion: Excursion | undefined;
  /** How far behind the price its stop follows, as a share; undefined: it does not. */
  readonly follows: Ratio | undefined;
  /** When its owner is asked whether to keep it (venue time); undefined: not asked. */
  readonly asksAt: Timestamp | undefined;
}

export interface PositionAnswer {
  /** Empty when none is open in that symbol. In hedge mode there may be two. */
  readonly found: readonly PositionDetail[];
  /** All that is open. */
  readonly open: readonly Position[];
}

/** The open positions of the symbol, and the side if it is said, that `text` names; where it is "" and one alone is open, that one. */
export async function readPosition(
  ports: Pick<
    Ports,
    'clock' | 'limits' | 'market' | 'account' | 'accounts' | 'trails' | 'timeStops'
  >,
  text: string,
): Promise<Reading<PositionAnswer>> {
  const [reading, stored, trails, timeStops] = await Promise.all([
    readPositions(ports),
    ports.accounts.snapshot().catch(() => undefined),
    ports.trails.all().catch(() => []),
    ports.timeStops.all().catch(() => []),
  ]);
  if (reading.kind === 'unavailable') return reading;
  const { positions, snapshot } = reading.value;
  const equity = equityOf(snapshot.account);
  const open = positions.map((each) => each.position);
  const symbols = [...new Set(open.map((each) => each.symbol))];
  const { coin, side } = typedChange(text);
  const symbol = text === '' && open.length === 1 ? symbols[0] : resolveSymbol(coin, symbols);
  const found = positions
    .filter(
      ({ position }) => position.symbol === symbol && (side ?? position.side) === position.side,
    )
    .map((view): PositionDetail => {
      const { position } = view;
      const mark = view.mark ?? markOf(position);
      return {
        view,
        heat: heatOfPosition(position, snapshot.protections, { equity, costs: ports.limits() }),
        liquidationAway: mark === undefined ? undefined : liquidationDistance(position, mark),
        excursion: stored?.excursions?.get(position.id),
        follows: trails.find((each) => each.positionId === position.id)?.share,
        asksAt: timeStops.find((each) => each.positionId === position.id)?.at,
      };
    });
  return { ...reading, value: { found, open } };
}
