import type { AlertAction } from '../domain/alert.ts';

/**
 * What a button carries: a verb and an id, at most 64 bytes. Everything else is looked up on the server.
 *
 * a approve, r reject, d details: a signal's nonce. c confirm, b back, w confirm with a new high-water mark: the id of one
 * dialogue (for a signal its nonce and that of the card). m: that and what shall take its place, a card of half of it, with
 * all its figures or on one screen. o hold only, e cancel entry orders, p close positions: the choices under /halt. t suggested
 * stop, x close, v the position with all that can be done to it: a position's id. h: that id and what is asked for. y it was me, n it was not: the id of a question about money that left. f closes or cancels, confirmed: the id
 * of its dialogue. k: a page or a change under /alerts. l: a page of what was closed. s: seen. q: a page or a change under /alert. g: a change under /strategies. u: a page of the menu, a command by a tap, or its message as it is now. i: a symbol, the
 * length of its candles and the side that is drawn, "-in" in place. j: a limit, the page it stands on and which of its values.
 */
const VERBS = [
  'a',
  'r',
  'd',
  'c',
  'b',
  'w',
  'o',
  'e',
  'p',
  't',
  'y',
  'n',
  'f',
  'k',
  'l',
  'g',
  'x',
  'h',
  'v',
  's',
  'q',
  'm',
  'u',
  'i',
  'j',
] as const;
export type Verb = (typeof VERBS)[number];

export interface Tap {
  readonly verb: Verb;
  readonly id: string;
}

const FORM = /^([a-z]):([\w-]{1,60})$/;

export const callbackData = (verb: Verb, id: string): string => `${verb}:${id}`;

/** The verb of what a button under an alert asks for. */
export const VERB_OF: Readonly<Record<AlertAction, Verb>> = {
  approve: 'a',
  reject: 'r',
  'show-details': 'd',
  'place-stop': 't',
  'close-position': 'x',
  'position-details': 'v',
  'change-position': 'h',
  'took-it-out': 'y',
  'not-me': 'n',
};

/** The tap that this data stands for, or undefined when Vigil never made such a button. */
export function parseCallbackData(data: string): Tap | undefined {
  const [, letter, id] = FORM.exec(data) ?? [];
  const verb = VERBS.find((each) => each === letter);
  return verb === undefined || id === undefined ? undefined : { verb, id };
}

const NONCE_LENGTH = 22;

/** What Confirm under a signal's card carries: which signal, and which of its cards. */
export const cardId = (nonce: string, card: string): string => `${nonce}${card}`;

/** Undefined for the id of another dialogue, or of a card from before cards had ids. */
export const parseCardId = (
  id: string,
): { readonly nonce: string; readonly card: string } | undefined =>
  id.length === 2 * NONCE_LENGTH
    ? { nonce: id.slice(0, NONCE_LENGTH), card: id.slice(NONCE_LENGTH) }
    : undefined;
