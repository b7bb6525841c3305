export interface OwnerStore {
  /** The paired owner's Telegram user id, or undefined before pairing. */
  owner(): Promise<number | undefined>;
  /** Pairs when the code is right and nobody is paired yet; the code is used up. Wrong guesses are counted: 5 burn the code. */
  pair(userId: number, code: string): Promise<'paired' | 'wrong' | 'burnt' | 'taken'>;
  /** Makes a new one-time code, stored as a hash, and returns its text for the console. */
  newCode(): Promise<string>;
}
