import type { FormattedString } from '@grammyjs/parse-mode';
import type { ChangeOffer } from '../../app/manage/read-change.ts';
import { listText } from '../../domain/words/words.ts';
import { abs, notionalOf, ratioOf, sub, usdText, type Price } from '../../domain/money/money.ts';
import { stopsOf } from '../../domain/position.ts';
import { bold, linesOf } from './fit.ts';
import { footer, type Scene } from './footer.ts';
import { percentText, priceText, qtyText, signedUsd, type Digits } from './money.ts';

type Ready = Extract<ChangeOffer, { kind: 'ready' }>;
type Verdict<Kind extends Ready['verdict']['kind']> = Extract<Ready['verdict'], { kind: Kind }>;

/** Exactly what a confirmation would do to one position, on one screen. */
export function changeView(offer: Ready, digits: Digits, scene: Scene): FormattedString {
  const { verdict } = offer;
  const lines =
    verdict.kind === 'close'
      ? closeLines(verdict, offer, digits)
      : verdict.kind === 'trail'
        ? trailLines(verdict, offer, digits)
        : levelLines(verdict, offer, digits);
  return linesOf([...lines, 'Nothing is done until you tap Confirm.', footer(scene)]);
}

function closeLines(
  { reduce, result }: Verdict<'close'>,
  { facts: { position, mark, protections } }: Ready,
  digits: Digits,
): readonly (FormattedString | string)[] {
  const { symbol, side } = position;
  const size = (value: typeof reduce.qty): string => qtyText(value, symbol, digits);
  const left = sub(position.qty, reduce.qty);
  const { largest } = stopsOf(position, protections);
  const stays =
    largest === undefined
      ? 'it has no stop'
      : `its stop at ${priceText(largest.price, symbol, digits)} stays`;
  return [
    bold(
      reduce.whole
        ? `Close ${symbol} ${side}?`
        : `Close ${size(reduce.qty)} of ${size(position.qty)} of ${symbol} ${side}?`,
    ),
    `At the market price, now ${priceText(mark, symbol, digits)}: about ${usdText(notionalOf(mark, reduce.qty, 'half-even'))}.`,
    `${reduce.whole ? 'It' : 'This part'} makes about ${signedUsd(result)} after the closing fee.`,
    reduce.whole
      ? 'Its stop and target go with it. Other positions and new trades are not touched.'
      : `${size(left)} stays open; ${stays}.`,
  ];
}

function trailLines(
  { share, first }: Verdict<'trail'>,
  { facts: { position, mark, protections } }: Ready,
  digits: Digits,
): readonly (FormattedString | string | undefined)[] {
  const { symbol, side } = position;
  const at = (value: Price): string => priceText(value, symbol, digits);
  const now = stopsOf(position, protections).largest?.price;
  const from = now === undefined ? 'none' : at(now);
  return [
    bold(`${symbol} ${side}: let its stop follow the price, ${percentText(share)} away?`),
    first?.stop === undefined
      ? `Price now ${at(mark)}. Its stop, ${from}, is nearer already: it stays until the price has gone your way.`
      : `Price now ${at(mark)}. Stop now: ${from}. It begins at ${at(first.stop)}.`,
    first?.result === undefined
      ? undefined
      : `If it fills there, the position makes about ${signedUsd(first.result)} with fees.`,
    'It follows each closed candle of 15 minutes, only ever nearer, and rests at the exchange all the time. If I am down it stays where it is. Every step is told silently; /trail with off ends it.',
  ];
}

function levelLines(
  verdict: Verdict<'levels'>,
  { facts: { position, mark, protections, limits } }: Ready,
  digits: Digits,
): readonly (FormattedString | string | undefined)[] {
  const { stop, target, result, resultBefore, before, after, looser, heatAfter } = verdict;
  const { symbol, side } = position;
  const at = (value: Price): string => priceText(value, symbol, digits);
  const away = (value: Price): string =>
    `${percentText(ratioOf(abs(sub(value, mark)), mark, 'half-even'))} away`;
  const now = stopsOf(position, protections);
  const moves = [
    ...(stop === undefined ? [] : [`stop at ${at(stop)}`]),
    ...(target === undefined ? [] : [`target at ${at(target)}`]),
  ];
  const more =
    after.further === undefined || before.further === undefined
      ? 'More'
      : `${usdText(sub(after.further, before.further))} more`;
  return [
    bold(`${symbol} ${side}: ${listText(moves)}?`),
    `Price now ${at(mark)}, ${away(stop ?? target ?? mark)}; entry ${at(position.entryPrice)}.`,
    stop === undefined
      ? undefined
      : `Stop now: ${now.largest === undefined ? 'none' : at(now.largest.price)}. New: ${at(stop)}.`,
    stop === undefined || result === undefined
      ? undefined
      : `If it fills, the position makes about ${signedUsd(result)} with fees${resultBefore === undefined ? '' : `; with the stop of now ${signedUsd(resultBefore)}`}.`,
    target === undefined
      ? undefined
      : `Target now: ${now.target === undefined ? 'none' : at(now.target)}. New: ${at(target)}.`,
    looser
      ? `⚠️ Looser: ${more} can be lost than now. All positions together could then lose ${heatAfter === undefined ? 'an unknown part' : percentText(heatAfter)} of the account; the limit is ${percentText(limits.maxHeat)}.`
      : undefined,
  ];
}
