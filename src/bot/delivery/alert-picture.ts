import type { CandleStore } from '../../app/ports/candle-store.ts';
import type { Log } from '../../app/ports/log.ts';
import type { ChartRenderer } from '../../app/ports/chart-renderer.ts';
import type { ProposalStore } from '../../app/ports/proposal-store.ts';
import type { Alert } from '../../domain/alert.ts';
import { HOUR } from '../../domain/time.ts';
import { signalPicture } from '../charts/candle-chart.ts';
import { withDeadline } from '../deadline.ts';

export interface PictureSources {
  readonly charts: ChartRenderer;
  readonly proposals: Pick<ProposalStore, 'byId'>;
  readonly candles: Pick<CandleStore, 'since'>;
  readonly log: Log;
  readonly safe: (error: unknown) => string;
}

const PICTURE_MS = 3_000;
/** Candles before the signal that the chart shows. */
const HOURS_SHOWN = 96;

/** The picture of a signal's alert, or undefined: the text never waits longer than three seconds for it. */
export async function drawPicture(
  sources: PictureSources,
  alert: Alert,
): Promise<Uint8Array | undefined> {
  if (alert.chart?.kind !== 'proposal') return undefined;
  try {
    return await withDeadline(draw(sources, alert.chart.id), PICTURE_MS);
  } catch (error) {
    sources.log.warn('an alert goes without its picture', {
      alert: alert.number,
      error: sources.safe(error),
    });
    return undefined;
  }
}

async function draw(sources: PictureSources, id: string): Promise<Uint8Array | undefined> {
  const proposal = await sources.proposals.byId(id);
  if (proposal === undefined) return undefined;
  const { symbol, candleClosedAt } = proposal.signal;
  const candles = await sources.candles.since(symbol, '1h', candleClosedAt - HOURS_SHOWN * HOUR);
  return sources.charts.render(signalPicture(proposal, candles).config);
}
