/** What somebody does with the chat, drawn from a seed: taps and words, doubled, replayed, by others, late, and what befalls Vigil meanwhile. */
import type { Fault } from '../../../src/simulator/venue/fault-kinds.ts';
import { seededRandom, type Random } from '../../../src/simulator/venue/random.ts';

/** Who does it and where: the owner in the private chat, the owner in a group, somebody else. */
export type Place = 'owner' | 'group' | 'stranger';

/** Which button: the newest that confirms, the newest that approves a signal, one of the newest message that has any, any ever seen, the one tapped last. */
export type Which = 'confirm' | 'approve' | 'newest' | 'any' | 'again';

export type Move =
  | {
      readonly kind: 'say';
      readonly text: string;
      readonly place: Place;
      readonly forwarded: boolean;
    }
  | {
      readonly kind: 'tap';
      readonly which: Which;
      /** Which of those that fit, 0 (the oldest) to 1 (excluded). */
      readonly at: number;
      readonly times: 1 | 2;
      readonly place: Place;
      /** Goes out together with the next move, which may overtake it. */
      readonly unheard: boolean;
    }
  | { readonly kind: 'fault'; readonly fault: Fault; readonly count: number }
  | { readonly kind: 'price'; readonly percent: number }
  | { readonly kind: 'signal'; readonly at: number }
  /** Cards become too old; a candle closes; Vigil is started anew; the account is read. */
  | { readonly kind: 'expire' | 'minute' | 'restart' | 'read' };

const COINS = ['BTC', 'ETH', 'SOL', 'BTC', 'ETH', 'SOL', 'XRP'];
/** X stands for a coin. */
const OF_ONE = [
  '/close X',
  '/close X half',
  '/close X 25 %',
  '/close X 60%',
  '/stop X 1 %',
  '/stop X 1.4 %',
  '/stop X 2%',
  '/stop X 0.7 %',
  '/target X 3 %',
  '/target X 5%',
  '/breakeven X',
  '/trail X 2 %',
  '/trail X 3 ATR',
  '/trail X off',
  '/scaleout X',
  '/scaleout X 40 % 2 %',
  '/scaleout X off',
  '/timestop X 8h',
  '/position X',
  '/stop X',
  '/close X 7',
];
const PLAIN = ['/positions', 'Positions', '/status', '/risk', '/alerts', '/cancel', '/resume'];
const BRAKES = ['/panic', '/halt', 'stop', '/resume', '/resume'];
const TYPED = ['confirm', 'yes', 'no', 'cancel'];
const FAULTS: readonly Fault[] = [
  'lost-request',
  'lost-reply',
  'doubled-request',
  'network-error',
  'refused',
  'rate-limited',
  'empty-list',
  'lagging-list',
  'order-not-found',
  'hidden-order',
  'stale-tpsl',
  'partial-then-cancel',
  'missed-event',
];

/** So many moves, of which nearly all are taps and words. The same seed gives the same. */
export function movesOf(seed: number, count: number): readonly Move[] {
  const random = seededRandom(seed);
  const moves: Move[] = [];
  while (moves.length < count) {
    const asks = asksToConfirm(moves.at(-1)) && random() < 0.5;
    moves.push(asks ? tap(random, 'confirm') : draw(random));
  }
  return moves;
}

/** Mostly a card comes of it: else few things would ever be confirmed. */
const asksToConfirm = (before: Move | undefined): boolean =>
  before?.kind === 'say' || (before?.kind === 'tap' && before.which === 'approve');

const pick = <T>(random: Random, all: readonly T[]): T => {
  const found = all[Math.floor(random() * all.length)];
  if (found === undefined) throw new Error('nothing to pick from');
  return found;
};

function draw(random: Random): Move {
  const roll = random();
  if (roll < 0.3) return say(random);
  if (roll < 0.9) return tap(random);
  if (roll < 0.95) {
    return { kind: 'fault', fault: pick(random, FAULTS), count: 1 + Math.floor(random() * 3) };
  }
  if (roll < 0.965) return { kind: 'price', percent: (random() - 0.5) * 2 };
  if (roll < 0.99) return { kind: 'signal', at: random() };
  return { kind: pick(random, ['expire', 'minute', 'minute', 'restart', 'read', 'read']) };
}

function say(random: Random): Move {
  const roll = random();
  const text =
    roll < 0.7
      ? pick(random, OF_ONE).replace('X', pick(random, COINS))
      : roll < 0.85
        ? pick(random, PLAIN)
        : roll < 0.93
          ? pick(random, TYPED)
          : pick(random, BRAKES);
  return { kind: 'say', text, place: placeOf(random), forwarded: random() < 0.06 };
}

const WHICH: readonly (readonly [below: number, which: Which])[] = [
  [0.38, 'confirm'],
  [0.46, 'approve'],
  [0.72, 'newest'],
  [0.88, 'any'],
];

const whichOf = (random: Random): Which => {
  const roll = random();
  return WHICH.find(([below]) => roll < below)?.[1] ?? 'again';
};

function tap(random: Random, which: Which = whichOf(random)): Move {
  return {
    kind: 'tap',
    which,
    at: random(),
    times: random() < 0.2 ? 2 : 1,
    place: placeOf(random),
    unheard: random() < 0.1,
  };
}

const placeOf = (random: Random): Place => {
  const roll = random();
  return roll < 0.88 ? 'owner' : roll < 0.94 ? 'group' : 'stranger';
};
