/** What a fault's `amount` is when none is given. */
interface FaultKind {
  readonly amount: number;
}

/** Every fault that waits for an occasion, with its usual amount; the README says what each does. */
export const FAULT_KINDS = {
  'lost-request': { amount: 1 },
  'lost-reply': { amount: 1 },
  'late-request': { amount: 30_000 },
  'doubled-request': { amount: 1 },
  'network-error': { amount: 10_001 },
  refused: { amount: 10_001 },
  'rate-limited': { amount: 1 },
  'bad-sign': { amount: 1 },
  'html-403': { amount: 1 },
  slow: { amount: 2_000 },
  'clock-skew': { amount: 120_000 },
  'order-not-found': { amount: 1 },
  'hidden-order': { amount: 2_000 },
  'stale-tpsl': { amount: 1_500 },
  'negative-available': { amount: 1_000 },
  'no-liq-price': { amount: 1 },
  'partial-then-cancel': { amount: 0.5 },
  'order-system-cancel': { amount: 1 },
  'tpsl-system-cancel': { amount: 1 },
  'tpsl-fails': { amount: 1 },
  delist: { amount: 1 },
  'missed-event': { amount: 1 },
  'doubled-event': { amount: 1 },
  'reordered-event': { amount: 1 },
  'silent-sockets': { amount: 1 },
  'drop-sockets': { amount: 1 },
} as const satisfies Readonly<Record<string, FaultKind>>;

export type Fault = keyof typeof FAULT_KINDS;

export const FAULTS = Object.keys(FAULT_KINDS).filter((name): name is Fault => name in FAULT_KINDS);

/** The fault of that name; undefined when there is none. */
export function faultNamed(name: unknown): Fault | undefined {
  return FAULTS.find((one) => one === name);
}
