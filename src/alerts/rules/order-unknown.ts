import type { Finding } from '../../domain/alert.ts';
import type { Timestamp } from '../../domain/time.ts';

/** A request to the exchange whose reply was lost. */
export interface LostOrder {
  readonly clientId: string;
  readonly symbol: string;
  /** What was asked for, in plain words: "open a long of 0.5". */
  readonly intent: string;
  readonly reason: string;
  readonly at: Timestamp;
}

/** Nobody knows whether an order went through. It is looked up by its id and never sent a second time blind. */
export function orderUnknown(lost: LostOrder): Finding {
  const name = `${lost.symbol}: it is not known whether the order went through`;
  const lasting = [
    'Vigil keeps looking it up by its id and does not send it again. Please look at the exchange yourself.',
    `Order id: ${lost.clientId}`,
  ];
  return {
    key: `order-unknown:${lost.clientId}`,
    kind: 'order-unknown',
    severity: 'critical',
    title: name,
    lines: [
      `Asked the exchange to ${lost.intent}; no clear answer came: ${lost.reason}`,
      ...lasting,
    ],
    state: { id: `order:${lost.clientId}`, name, lines: lasting },
    at: lost.at,
  };
}
