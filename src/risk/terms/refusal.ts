/** One reason why an entry is not allowed. */
export interface Refusal {
  /** Stable, kebab-case: tests, journals and buttons may rely on it. */
  readonly code: string;
  /** What is allowed, with unit. */
  readonly limit: string;
  /** What was found, with unit. */
  readonly observed: string;
  /** The same in one plain sentence. */
  readonly sentence: string;
}

/** Shorthand for the limit files: one refusal from its four texts. */
export const refuse = (
  code: string,
  found: { readonly limit: string; readonly observed: string },
  sentence: string,
): Refusal => ({ code, ...found, sentence });
