/** One line of what was measured. */
export interface Figure {
  readonly what: string;
  readonly value: string;
  /** What it should be, if anything was promised. */
  readonly aim?: string;
}
