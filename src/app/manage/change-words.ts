import { percent, ratio, type Price, type Ratio } from '../../domain/money/money.ts';
import type { ChangeRequest, Level } from '../../domain/own-action.ts';
import type { Side } from '../../domain/position.ts';
import { readNumber } from '../../domain/words/read-number.ts';
import { typedPrice } from '../reading/typed-price.ts';

/** What can be asked of a position, as its command is called. */
export type ChangeName =
  | 'close'
  | 'stop'
  | 'target'
  | 'breakeven'
  | 'trail'
  | 'scaleout'
  | 'timestop';

/** How each is written, for answers to what cannot be read. */
export const CHANGE_FORM: Readonly<Record<ChangeName, string>> = {
  close: 'Write it as: /close BTC, /close BTC half or /close BTC 25 %.',
  stop: 'Write it as: /stop BTC 64000, or /stop BTC 1.5 % for so far from the price of now. /stop alone halts trading.',
  target: 'Write it as: /target BTC 70000, or /target BTC 3 % for so far from the price of now.',
  breakeven: 'Write it as: /breakeven BTC.',
  trail:
    'Write it as: /trail BTC 2 % (of the price) or /trail BTC 3 ATR (average ranges of an hour). /trail BTC off ends it.',
  scaleout:
    'Write it as: /scaleout BTC for half at 1R (as far from the entry as its stop), /scaleout BTC 30 %, or /scaleout BTC 50 % 70000. /scaleout BTC off takes it away.',
  timestop:
    'Write it as: /timestop BTC 8 h, for being asked then whether to keep it: 1 to 720 hours. /timestop BTC off ends it.',
};

/** What was typed: which coin, which side if it was said, and the words that say how much or where. */
export interface TypedChange {
  readonly coin: string;
  readonly side: Side | undefined;
  readonly rest: string;
}

const SIDE = /^(long|short)$/i;
/** Words that people put in between and that say nothing. */
const FILLER = /^(of|at|to|the|by|my|position|usdt|@)$/i;

/** The parts of what stands after the command; the coin is the first word that is no number. */
export function typedChange(words: string): TypedChange {
  const all = words.split(/\s+/).filter((each) => each !== '' && !FILLER.test(each));
  const said = all.find((each) => SIDE.test(each));
  const left = all.filter((each) => each !== said);
  const coin = left.find((each) => /\p{L}/u.test(each) && !AMOUNT.test(each)) ?? '';
  const rest = left.filter((each) => each !== coin).join(' ');
  return { coin, side: said === undefined ? undefined : (said.toLowerCase() as Side), rest };
}

const AMOUNT =
  /^(half|all|everything|quarter|off|atrs?|hours?|hrs?|days?|[\d.,'’_]+(k?%?|atrs?|r|hours?|hrs?|h|d|days?))$/i;

/** What is asked for, or what is wrong with it and what is allowed. `mark`: the price of now, which tells thousands from decimals. */
export function changeRequest(
  name: ChangeName,
  rest: string,
  mark: Price | undefined,
): ChangeRequest | string {
  switch (name) {
    case 'close':
      return closeRequest(rest);
    case 'stop':
    case 'target': {
      const at = levelOf(rest, mark);
      return typeof at === 'string' ? `${at} ${CHANGE_FORM[name]}` : { kind: name, at };
    }
    case 'trail': {
      const distance = distanceOf(rest);
      return typeof distance === 'string' ? distance : { kind: 'trail', distance };
    }
    case 'scaleout':
      return scaleOutRequest(rest, mark);
    case 'timestop': {
      const hours = hoursIn(rest);
      return hours === undefined
        ? `"${rest.slice(0, 30)}" is no time. ${CHANGE_FORM.timestop}`
        : { kind: 'time-stop', hours: ratio(hours) };
    }
    case 'breakeven':
      return rest === ''
        ? { kind: 'break-even' }
        : `"${rest.slice(0, 30)}" is more than I can use. ${CHANGE_FORM.breakeven}`;
  }
}

const SHARES: Readonly<Record<string, string>> = {
  '': '100',
  all: '100',
  everything: '100',
  half: '50',
  quarter: '25',
};

function closeRequest(rest: string): ChangeRequest | string {
  const share = SHARES[rest.toLowerCase()] ?? percentIn(rest);
  if (share === undefined) {
    return `"${rest.slice(0, 30)}" is no share of a position: from 1 % to 100 %. ${CHANGE_FORM.close}`;
  }
  const ratio = percent(share);
  return ratio >= percent('1') && ratio <= percent('100')
    ? { kind: 'close', share: ratio }
    : `${rest.slice(0, 30)} is not possible: from 1 % to 100 %. ${CHANGE_FORM.close}`;
}

/** "30 % 70000": how much of it, and where; half and 1R where nothing is said. */
function scaleOutRequest(rest: string, mark: Price | undefined): ChangeRequest | string {
  const [, part = '', where = ''] = SCALE_OUT.exec(rest) ?? [];
  const share = part === '' ? '50' : (SHARES[part.toLowerCase()] ?? percentIn(part));
  if (share === undefined || percent(share) < percent('1') || percent(share) > percent('99')) {
    return `"${rest.slice(0, 30)}" is no part of a position: from 1 % to 99 %. ${CHANGE_FORM.scaleout}`;
  }
  const request = { kind: 'scale-out', share: percent(share) } as const;
  if (where === '' || /^1\s*r$/i.test(where)) return request;
  const at = levelOf(where, mark);
  return typeof at === 'string' ? `${at} ${CHANGE_FORM.scaleout}` : { ...request, at };
}

const SCALE_OUT = /^(half|quarter|[\d.,]+\s*%)?\s*(.*)$/i;

/** "8", "8h", "8 hours", "2 d", in hours; undefined for anything else. */
function hoursIn(text: string): string | undefined {
  const [, amount = '', unit = 'h'] = /^(.+?)\s*(h|hours?|hrs?|d|days?)?$/i.exec(text.trim()) ?? [];
  const read = amount === '' ? undefined : readNumber(amount);
  if (read?.kind !== 'number' || read.text.startsWith('-')) return undefined;
  return /^d/i.test(unit) ? String(Number(read.text) * 24) : read.text;
}

/** "12.5" of "12.5%" or "12,5 %"; undefined for anything else, a bare number above all: it could be coins. */
function percentIn(text: string): string | undefined {
  const [, amount] = /^(.+?)\s*%$/.exec(text) ?? [];
  const read = amount === undefined ? undefined : readNumber(amount);
  return read?.kind === 'number' && !read.text.startsWith('-') ? read.text : undefined;
}

function distanceOf(rest: string): { readonly away: Ratio } | { readonly atr: Ratio } | string {
  const [, amount = ''] = /^(.+?)\s*atrs?$/i.exec(rest) ?? [];
  const ranges = amount === '' ? undefined : readNumber(amount);
  if (ranges?.kind === 'number' && !ranges.text.startsWith('-') && Number(ranges.text) > 0) {
    return { atr: ratio(ranges.text) };
  }
  const share = percentIn(rest);
  return share === undefined || percent(share) <= 0n
    ? `"${rest.slice(0, 30)}" is no distance. ${CHANGE_FORM.trail}`
    : { away: percent(share) };
}

function levelOf(rest: string, mark: Price | undefined): Level | string {
  if (rest === '') return 'A price is needed.';
  if (!rest.endsWith('%')) {
    const at = typedPrice(rest, mark);
    return typeof at === 'string' ? at : { price: at };
  }
  const share = percentIn(rest);
  const away = share === undefined ? undefined : percent(share);
  return away !== undefined && away >= percent('0.1') && away <= percent('50')
    ? { away }
    : `"${rest.slice(0, 30)}" is no distance: from 0.1 % to 50 %.`;
}
