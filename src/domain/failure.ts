/** Why the exchange could not be read or obeyed. The classes are those of the exchange's own error table. */
export type FailureKind =
  | 'auth'
  | 'rate'
  | 'network'
  | 'blocked'
  | 'parameter'
  | 'symbol'
  | 'margin'
  | 'limit'
  | 'reduce-only'
  | 'state'
  | 'not-found'
  | 'duplicate'
  | 'trigger'
  | 'account'
  | 'copy'
  | 'shape'
  | 'closed';

/** A request to the exchange that failed. The message is safe to log and to show: it holds no key and no signature. */
export class ExchangeFailure extends Error {
  readonly kind: FailureKind;
  /** The exchange's code as text, or "" when the failure is on the way. */
  readonly code: string;
  /** Whether the same read may be tried again later. A write is never repeated because of this. */
  readonly retriable: boolean;

  constructor(
    message: string,
    details: { kind: FailureKind; code?: string; retriable: boolean; cause?: unknown },
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'ExchangeFailure';
    this.kind = details.kind;
    this.code = details.code ?? '';
    this.retriable = details.retriable;
  }
}

/** A stored value that could not be read or parsed. Fails closed: the caller refuses or boots halted. */
export class StoreUnreadable extends Error {
  constructor(what: string, cause?: unknown) {
    super(`the stored ${what} cannot be read`, cause === undefined ? undefined : { cause });
    this.name = 'StoreUnreadable';
  }
}

/** What only the leader may do was asked for in a process that another one has taken over from. Nothing was done. */
export class LedByAnother extends Error {
  readonly code = 'LED_BY_ANOTHER';
  constructor() {
    super('another process of Vigil leads now');
    this.name = 'LedByAnother';
  }
}
