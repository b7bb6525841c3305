/** What a card with a button that confirms says would be done, as it is read on the phone. */
import type { UserMessage } from '../../../src/simulator/chat/wire/message-views.ts';

/** A card with a button that confirms, as it was read on the phone. */
export interface ShownCard {
  /** What its Confirm carries. */
  readonly confirm: string;
  readonly text: string;
  readonly says: Says;
  readonly at: number;
  /** How many requests had been written by then. */
  readonly writes: number;
}

/** What a card says would be done. */
export type Says =
  | { readonly kind: 'part'; readonly symbol: string; readonly qty: number }
  | { readonly kind: 'whole'; readonly symbol: string | undefined }
  | { readonly kind: 'levels'; readonly symbol: string; readonly levels: readonly number[] }
  | {
      readonly kind: 'further on';
      readonly symbol: string;
      readonly qty: number;
      readonly target: number;
    }
  | {
      readonly kind: 'entry';
      readonly symbol: string;
      readonly side: string;
      readonly qty: number;
      readonly stop: number;
      readonly target: number;
    }
  | { readonly kind: 'other' };

export interface Confirmed {
  readonly card: ShownCard;
  readonly at: number;
  readonly writes: number;
  /** How many looks at the account there had been by then. */
  readonly seen: number;
}

export const figure = (text: string): number => Number(text.replaceAll(',', ''));

/** The card in a message of the bot; undefined where nothing can be confirmed under it. */
export function cardIn(message: UserMessage, at: number, writes: number): ShownCard | undefined {
  const text = message.text ?? message.caption ?? '';
  const data = (message.keyboard ?? []).flat().map((each) => each.callback_data ?? '');
  const confirm = data.find((each) => /^[cf]:/.test(each));
  return confirm === undefined ? undefined : { confirm, text, says: saysOf(text), at, writes };
}

function saysOf(text: string): Says {
  const [head = ''] = text.split('\n');
  const [, part, symbol = ''] = /Close ([\d.,]+) of [\d.,]+ of (\S+) \w+\?/.exec(head) ?? [];
  if (part !== undefined) return { kind: 'part', symbol, qty: figure(part) };
  const [, later, some = '', level = ''] =
    /^(\S+) \w+: close ([\d.,]+) of [\d.,]+ at ([\d.,]+)\?/.exec(head) ?? [];
  if (later !== undefined) {
    return { kind: 'further on', symbol: later, qty: figure(some), target: figure(level) };
  }
  const [, whole] = /Close (\S+) (?:long|short)\?/.exec(head) ?? [];
  if (whole !== undefined) return { kind: 'whole', symbol: whole };
  if (/Close (all positions|this position)\?/.test(head))
    return { kind: 'whole', symbol: undefined };
  const [, named] = /(?:^|for )(\w+USDT) (?:long|short)[:?]/.exec(head) ?? [];
  if (named !== undefined) {
    const levels = [...text.matchAll(/(?:[Ss]top|[Tt]arget|begins)(?: at|:) ([\d.,]*\d)/g)];
    return { kind: 'levels', symbol: named, levels: levels.map(([, each = '']) => figure(each)) };
  }
  const [, entered, side = ''] = /^Confirm: (\w+USDT) (long|short)\?/.exec(head) ?? [];
  return entered === undefined
    ? { kind: 'other' }
    : { kind: 'entry', symbol: entered, side, ...planIn(text) };
}

/** Size and levels of an entry, on the card of one screen and on the one with all figures. */
function planIn(text: string): Record<'qty' | 'stop' | 'target', number> {
  const first = (...forms: readonly RegExp[]): number =>
    figure(forms.map((form) => form.exec(text)?.[1]).find((each) => each !== undefined) ?? '');
  return {
    qty: first(/(?:Buy|Sell) ([\d.,]+) /, /Quantity: ([\d.,]+) /),
    stop: first(/Stop:? ([\d.,]*\d)/),
    target: first(/[Tt]arget:? ([\d.,]*\d)/),
  };
}

export const near = (a: number, b: number): boolean =>
  Math.abs(a - b) <= Math.abs(b) * 1e-6 + 1e-12;
