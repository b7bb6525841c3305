/** Why a row was not used. */
export const ROW_FAULTS = [
  'unreadable',
  'impossible',
  'repeated',
  'out of order',
  'off the grid',
  'bad tick',
] as const;
export type RowFaultKind = (typeof ROW_FAULTS)[number];

/** A row that was not used, with its line number in the file. */
export interface RowFault {
  /** Where the candles of one contract lie in several files. */
  readonly file?: string;
  readonly line: number;
  readonly kind: RowFaultKind;
  readonly reason: string;
}
