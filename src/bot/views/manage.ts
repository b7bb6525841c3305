import type { FormattedString } from '@grammyjs/parse-mode';
import type { ChangeOffer } from '../../app/manage/read-change.ts';
import { listText, numberText } from '../../domain/words/words.ts';
import {
  abs,
  notionalOf,
  ONE_RATIO,
  ratioOf,
  sub,
  usdText,
  type Price,
} from '../../domain/money/money.ts';
import { stopsOf } from '../../domain/position.ts';
import { bold, linesOf } from './fit.ts';
import { footer, type Scene } from './footer.ts';
import { partTargetText } from './positions.ts';
import { percentText, priceText, qtyText, signedUsd, type Digits } from './money.ts';

type Ready = Extract<ChangeOffer, { kind: 'ready' }>;
type Verdict<Kind extends Ready['verdict']['kind']> = Extract<Ready['verdict'], { kind: Kind }>;

/** Exactly what a confirmation would do to one position, on one screen. */
export function changeView(offer: Ready, digits: Digits, scene: Scene): FormattedString {
  const { verdict } = offer;
  const end = verdict.kind === 'time-stop' ? 'I only ask; nothing is closed by itself.' : UNTIL;
  return linesOf([...linesFor(verdict, offer, digits), end, footer(scene)]);
}

const UNTIL = 'Nothing is done until you tap Confirm.';

function linesFor(
  verdict: Ready['verdict'],
  offer: Ready,
  digits: Digits,
): readonly (FormattedString | string | undefined)[] {
  switch (verdict.kind) {
    case 'close':
      return closeLines(verdict, offer, digits);
    case 'trail':
      return trailLines(verdict, offer, digits);
    case 'scale-out':
      return scaleOutLines(verdict, offer, digits);
    case 'time-stop': {
      const { symbol, side } = offer.facts.position;
      return [bold(`${symbol} ${side}: ask you in ${hoursText(verdict)} whether to keep it?`)];
    }
    case 'levels':
      return levelLines(verdict, offer, digits);
  }
}

const hoursText = ({ hours }: Verdict<'time-stop'>): string =>
  hours === ONE_RATIO ? '1 hour' : `${numberText(hours)} hours`;

/** What to do in the exchange's own app where Vigil may only watch: the same figures as a confirmation would send. */
export function inAppView(offer: Ready, digits: Digits, scene: Scene): FormattedString {
  const { symbol, side } = offer.facts.position;
  return linesOf([
    bold(`${symbol} ${side}: in the exchange's app`),
    "This is watch mode, so I cannot do it. Do it in the exchange's app:",
    ...inAppLines(offer, digits).map((each, index) => `${index + 1}. ${each}`),
    'I see it at once and tell you what rests then.',
    footer(scene),
  ]);
}

function inAppLines({ verdict, facts }: Ready, digits: Digits): readonly string[] {
  const { symbol, side } = facts.position;
  const at = (value: Price): string => priceText(value, symbol, digits);
  const find = `Positions, then ${symbol} ${side}.`;
  switch (verdict.kind) {
    case 'close':
      return [
        find,
        verdict.reduce.whole
          ? 'Close at market: all of it.'
          : `Close at market: ${qtyText(verdict.reduce.qty, symbol, digits)}.`,
      ];
    case 'levels':
      return [
        find,
        'TP/SL for the entire position, triggered by the mark price.',
        ...(verdict.stop === undefined ? [] : [`Stop loss ${at(verdict.stop)}.`]),
        ...(verdict.target === undefined ? [] : [`Take profit ${at(verdict.target)}.`]),
        'Look that no older stop or target is left beside it.',
      ];
    case 'trail':
      return [
        find,
        'TP/SL for the entire position, triggered by the mark price.',
        verdict.first?.stop === undefined
          ? 'Leave its stop where it is: it is nearer already.'
          : `Stop loss ${at(verdict.first.stop)}.`,
        `Move it by hand as the price goes your way: ${percentText(verdict.share)} behind, never back.`,
      ];
    case 'scale-out':
      return [
        find,
        'TP/SL for a part of the position, triggered by the mark price.',
        `Take profit ${at(verdict.target)}, quantity ${qtyText(verdict.qty, symbol, digits)}.`,
      ];
    case 'time-stop':
      return [];
  }
}

function scaleOutLines(
  { qty, target, result, left, restTarget }: Verdict<'scale-out'>,
  { facts: { position, mark } }: Ready,
  digits: Digits,
): readonly (FormattedString | string)[] {
  const { symbol, side } = position;
  const at = (value: Price): string => priceText(value, symbol, digits);
  const size = (value: typeof qty): string => qtyText(value, symbol, digits);
  return [
    bold(`${symbol} ${side}: close ${size(qty)} of ${size(position.qty)} at ${at(target)}?`),
    `Price now ${at(mark)}, ${percentText(ratioOf(abs(sub(target, mark)), mark, 'half-even'))} away; entry ${at(position.entryPrice)}.`,
    `This part makes about ${signedUsd(result)} there after the closing fee.`,
    `${size(left)} stays open with its stop; ${restTarget === undefined ? 'it has no target' : `its target is ${at(restTarget)}`}.`,
    'The target of the part rests at the exchange, also while I am down; /scaleout with off takes it away.',
  ];
}

function closeLines(
  { reduce, result }: Verdict<'close'>,
  { facts: { position, mark, protections } }: Ready,
  digits: Digits,
): readonly (FormattedString | string)[] {
  const { symbol, side } = position;
  const size = (value: typeof reduce.qty): string => qtyText(value, symbol, digits);
  const left = sub(position.qty, reduce.qty);
  const { largest, partTargets } = stopsOf(position, protections);
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
    ...(reduce.whole
      ? []
      : partTargets.map((each) => `${partTargetText(each, { symbol, qty: left }, digits)} then.`)),
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
    ...(target === undefined
      ? []
      : now.partTargets.map(
          (each) =>
            `${partTargetText(each, position, digits)}: that stays; /scaleout with off takes it away.`,
        )),
    looser
      ? `⚠️ Looser: ${more} can be lost than now. All positions together could then lose ${heatAfter === undefined ? 'an unknown part' : percentText(heatAfter)} of the account; the limit is ${percentText(limits.maxHeat)}.`
      : undefined,
  ];
}
