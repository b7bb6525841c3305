import type { Finding } from '../../domain/alert.ts';
import { contractText, type ContractState } from '../../domain/instrument.ts';
import type { Position } from '../../domain/position.ts';
import { dayStart, type Timestamp } from '../../domain/time.ts';
import { nameOf } from '../phrase.ts';

/** The contract of an open position will be delisted, or cannot be traded. Undefined where it is open, or nobody has said. */
export function contractClosing(
  position: Position,
  state: ContractState,
  now: Timestamp,
): Finding | undefined {
  if (state.kind === 'open' || state.kind === 'unknown') return undefined;
  const { id } = position;
  const comes = state.kind === 'delisting';
  return {
    key: `contract:${id}:${happeningOf(state, now)}`,
    kind: 'notice',
    severity: 'critical',
    title: `${nameOf(position)}: its contract is ${contractText(state)}`,
    lines: comes
      ? [
          'What is open then is closed by the exchange, at its own price.',
          'Until then its stop works. Close it yourself before that.',
        ]
      : [
          'It may not be possible to close it, and its stop may not work.',
          "Look in the exchange's app what it says of this contract.",
        ],
    buttons: [
      [
        { label: 'Close it', action: 'close-position', id },
        { label: 'Details', action: 'position-details', id },
      ],
    ],
    at: now,
  };
}

/** A date that was announced is told once; what cannot be traded each day, and when it becomes another. */
const happeningOf = (state: ContractState, now: Timestamp): string =>
  state.kind === 'delisting'
    ? `delisting:${state.at}`
    : `${state.kind}:${state.kind === 'suspended' ? state.status : ''}:${dayStart(now)}`;
