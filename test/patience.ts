/**
 * How long a test waits for what must come, in milliseconds: far longer than the slowest machine needs, since only a test that fails
 * anyway waits so long. Below the time that a test may take, so that it says what did not come.
 */
export const PATIENCE_MS = 60_000;
