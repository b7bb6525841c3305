import type { FormattedString } from '@grammyjs/parse-mode';
import type { ChartReading } from '../../app/views/read-chart.ts';
import type { Price } from '../../domain/money/money.ts';
import { formatUtc } from '../../domain/time.ts';
import { countText, signedShareText } from '../../domain/words/words.ts';
import { bold, linesOf } from './fit.ts';
import { footer, type Scene } from './footer.ts';
import { priceText, type Digits } from './money.ts';

type Chart = Extract<ChartReading, { kind: 'chart' }>;

/** /chart: what the picture shows, in words. */
export function chartView(chart: Chart, digits: Digits, scene: Scene): FormattedString {
  const { symbol, interval, candles, mark, trade, without } = chart;
  const at = (price: Price | undefined, none: string): string =>
    price === undefined ? none : priceText(price, symbol, digits);
  const [first] = candles;
  const last = candles.at(-1);
  const change =
    first === undefined || last === undefined || first.open <= 0
      ? ''
      : `, ${signedShareText(last.close / first.open - 1)} since ${formatUtc(first.openTime)}`;
  return linesOf([
    bold(`${symbol}, ${interval} candles`),
    `Price now ${at(mark, 'unknown')}${change}`,
    ...(trade === undefined
      ? []
      : [
          `${trade.side === 'long' ? 'Long' : 'Short'} from ${at(trade.entry, '')}; stop ${at(trade.stop, 'none')}, target ${at(trade.target, 'none')}${
            trade.fills === undefined ? '' : `, liquidation ${at(trade.liquidation, 'not known')}`
          }`,
          fillsText(trade.fills),
          trade.otherToo
            ? `Your ${trade.side === 'long' ? 'short' : 'long'} in it is not drawn here: the button shows it.`
            : undefined,
        ]),
    without === undefined
      ? undefined
      : `What is open in it could not be read (${without}), so nothing of it is drawn.`,
    footer(scene),
  ]);
}

function fillsText(fills: NonNullable<Chart['trade']>['fills']): string {
  if (fills === undefined) return 'A plan that waits for your answer: nothing is open in it.';
  return typeof fills === 'string'
    ? `Its fills could not be read (${fills}).`
    : `${countText(fills.length, 'fill')}, as triangles: up bought, down sold`;
}
