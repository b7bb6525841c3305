interface FaultKind {
  /** What its `amount` is when none is given. */
  readonly amount: number;
  /** What its occasions can be narrowed by. */
  readonly of?: 'path' | 'symbol' | 'channel';
  /** Whether it is a state that lasts, instead of one that is used up by its occasions. */
  readonly lasts?: true;
}

/** Every fault that waits for an occasion, with its usual amount; the README says what each does. */
export const FAULT_KINDS = {
  'lost-request': { amount: 1, of: 'path' },
  'lost-reply': { amount: 1, of: 'path' },
  'late-request': { amount: 30_000, of: 'path' },
  'doubled-request': { amount: 1, of: 'path' },
  'network-error': { amount: 10_001, of: 'path' },
  refused: { amount: 10_001, of: 'path' },
  'rate-limited': { amount: 1, of: 'path' },
  'bad-sign': { amount: 1, of: 'path' },
  'html-403': { amount: 1, of: 'path' },
  slow: { amount: 2_000, of: 'path' },
  'long-call': { amount: 3_000, of: 'path' },
  'clock-skew': { amount: 120_000, lasts: true },
  'order-not-found': { amount: 1, of: 'symbol' },
  'hidden-order': { amount: 2_000, of: 'symbol' },
  'stale-tpsl': { amount: 1_500 },
  'empty-list': { amount: 1, of: 'path' },
  'lagging-list': { amount: 1_500, of: 'path' },
  'wallet-step': { amount: 1_000 },
  'negative-available': { amount: 1_000 },
  'no-liq-price': { amount: 1, of: 'symbol' },
  'partial-then-cancel': { amount: 0.5, of: 'symbol' },
  'order-system-cancel': { amount: 1 },
  'tpsl-system-cancel': { amount: 1 },
  'tpsl-fails': { amount: 1, of: 'symbol' },
  delist: { amount: 1 },
  'missed-event': { amount: 1, of: 'channel' },
  'doubled-event': { amount: 1, of: 'channel' },
  'reordered-event': { amount: 1, of: 'channel' },
  'silent-sockets': { amount: 1, lasts: true },
  'drop-sockets': { amount: 1 },
} as const satisfies Readonly<Record<string, FaultKind>>;

export type Fault = keyof typeof FAULT_KINDS;

/** The kind of a fault. */
export function faultKind(fault: Fault): FaultKind {
  return FAULT_KINDS[fault];
}

export const FAULTS = Object.keys(FAULT_KINDS).filter((name): name is Fault => name in FAULT_KINDS);

/** The fault of that name; undefined when there is none. */
export function faultNamed(name: unknown): Fault | undefined {
  return FAULTS.find((one) => one === name);
}
