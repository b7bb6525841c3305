/** Each kind of change of a position that an owner can confirm, and what the exchange and the chat say once it is done. */

/** What is open and what rests for it. */
export interface Seen {
  /** Of the position as it was opened. */
  readonly qty: number;
  readonly stops: number;
  /** A stop rests elsewhere than where it was opened with. */
  readonly moved: boolean;
  readonly targets: number;
  readonly parts: number;
  /** Orders that Vigil sent, each of which only reduces. */
  readonly sent: number;
}

export const OPENED: Seen = { qty: 1, stops: 1, moved: false, targets: 0, parts: 0, sent: 0 };
const CLOSED = { qty: 0, stops: 0, targets: 0, parts: 0 } as const;

/** Where the process dies. */
export type Moment =
  /** Telegram has the tap. */
  | 'tapped'
  /** What the card promised is judged once more: the exchange holds back what is read for that. */
  | 'judged'
  /** The exchange holds the request back that changes something. */
  | 'in hand'
  /** It is done there, and not read back. */
  | 'done'
  | 'told';

export interface Change {
  readonly send: string;
  readonly card: string;
  /** The request that carries it out; undefined: nothing is sent. */
  readonly path?: string;
  /** The price has risen by so many percent before. */
  readonly risen?: number;
  readonly told: string | RegExp;
  /** What the exchange has once it is done. */
  readonly done: Partial<Seen>;
}

const LEVELS = 'tpsl/position/';
export const CHANGES: readonly Change[] = [
  {
    send: '/stop ETH 2 %',
    card: 'ETHUSDT long: stop at',
    path: LEVELS,
    told: 'ETHUSDT: done, moving its stop to',
    done: { moved: true },
  },
  {
    send: '/breakeven ETH',
    card: 'ETHUSDT long: stop at',
    path: LEVELS,
    risen: 3,
    told: 'ETHUSDT: done, moving its stop to',
    done: { moved: true },
  },
  {
    send: '/target ETH 5 %',
    card: 'ETHUSDT long: target at',
    path: LEVELS,
    told: 'ETHUSDT: done, moving its target to',
    done: { targets: 1 },
  },
  {
    send: '/scaleout ETH',
    card: 'ETHUSDT long: ',
    path: 'tpsl/place_order',
    told: /ETHUSDT: done, a target for .* of it at/,
    done: { parts: 1 },
  },
  {
    send: '/trail ETH 1 %',
    card: 'ETHUSDT long: ',
    path: LEVELS,
    told: 'ETHUSDT: done, letting its stop follow the price 1 % away',
    done: { moved: true },
  },
  {
    send: '/timestop ETH 4 h',
    card: 'ETHUSDT long: ask you in 4 hours',
    told: 'ETHUSDT: done, I ask you in 4 hours',
    done: {},
  },
  {
    send: '/close ETH 50 %',
    card: 'Close',
    path: 'trade/place_order',
    told: 'ETHUSDT long partly closed',
    done: { qty: 0.5, sent: 1 },
  },
  {
    send: '/close ETH',
    card: 'Close',
    path: 'flash_close',
    told: /ETHUSDT long .*closed: /,
    done: CLOSED,
  },
  {
    send: '/panic',
    card: 'Close all positions?',
    path: 'flash_close',
    told: 'Done: entry orders cancelled, positions closed',
    done: CLOSED,
  },
];
