import { usdText } from '../../domain/money/money.ts';
import type { FormattedString } from '@grammyjs/parse-mode';
import { SIZE_FORM, type SizeReply } from '../../app/views/answer-size.ts';
import { countOf, pageOf } from '../../domain/words/pages.ts';
import { bold, linesOf } from './fit.ts';
import { footer, type Scene } from './footer.ts';
import { percentText, priceText, qtyText, type Digits } from './money.ts';

type SizeFound = Extract<SizeReply, { kind: 'answer' }>;

/** /size: how large a trade may be, and what says so. */
export function sizeView(
  { result, page }: { readonly result: SizeReply; readonly page?: number | undefined },
  digits: Digits,
  scene: Scene,
): FormattedString {
  const at = pageOf(result.kind === 'which' ? result.symbols : [], page);
  return linesOf([...body(result, digits), ...countOf(at), footer(scene)]);
}

function body(result: SizeReply, digits: Digits): readonly (FormattedString | string)[] {
  switch (result.kind) {
    case 'refused':
      return [bold('No size'), ...result.reasons];
    case 'which':
      return [bold('How large may a trade be? In which coin?'), SIZE_FORM];
    case 'how': {
      const { symbol, mark } = result;
      const price = mark === undefined ? 'not known' : priceText(mark, symbol, digits);
      return [
        bold(`How large may a trade in ${symbol} be?`),
        `Its price now: ${price}. Tap a side and how far away its stop would be.`,
        SIZE_FORM,
      ];
    }
    case 'answer':
      return [
        bold(`Size: ${result.symbol} ${result.answer.side}`),
        ...answerLines(result, digits),
        'A calculation only: nothing is ordered.',
      ];
  }
}

function answerLines(found: SizeFound, digits: Digits): readonly string[] {
  const { symbol, entry, stop, mark, answer } = found;
  const { sizing } = answer;
  const at = (value: SizeFound['entry']): string => priceText(value, symbol, digits);
  const market = mark === undefined ? '' : `; the market is at ${at(mark)}`;
  const prices = `Entry ${at(entry)}, stop ${at(stop)}${market}`;
  const remarks = answer.remarks.map((each) => `⚠️ ${each.sentence}`);
  if (sizing.qty <= 0n) {
    return [
      prices,
      `Nothing is allowed now: ${sizing.boundBy.label} leaves no room for the exchange's smallest quantity.`,
      `Today may still lose ${usdText(answer.dayBudget)}, after the loss so far and what open positions can lose at their stops.`,
      ...remarks,
    ];
  }
  return [
    prices,
    `Quantity: ${qtyText(sizing.qty, symbol, digits)}, worth ${usdText(sizing.notional)}`,
    `Leverage: ${answer.leverage}x, margin ${usdText(sizing.margin)}`,
    `Loss at the stop: ${usdText(sizing.risk)}, ${percentText(answer.riskFraction)} of equity, with fees and slippage`,
    `Fees of entry and exit: ${usdText(sizing.fees)}`,
    `Liquidation: ${sizing.liquidationPrice === undefined ? 'not known' : `about ${at(sizing.liquidationPrice)}`}`,
    answer.shareOfDayBudget === undefined
      ? 'Today may lose nothing more.'
      : `Uses ${percentText(answer.shareOfDayBudget)} of what today may still lose (${usdText(answer.dayBudget)})`,
    `Size limited by: ${sizing.boundBy.label}`,
    ...remarks,
  ];
}
