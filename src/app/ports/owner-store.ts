export interface OwnerStore {
  /** The paired owner's Telegram user id; `reset` after one was unpaired on the console, undefined where nothing is stored. */
  owner(): Promise<number | 'reset' | undefined>;
  /**
   * Pairs when the code is right and nobody is paired; the code is used up. `void`: no code is valid, because it was used, has
   * expired, or this was the fifth wrong guess.
   */
  pair(userId: number, code: string): Promise<'paired' | 'wrong' | 'void' | 'taken'>;
  /** Makes a new one-time code, valid for 10 minutes and stored as a hash, and returns its text for the console. */
  newCode(): Promise<string>;
  /** Whether a code is valid now. */
  hasCode(): Promise<boolean>;
  /** Unpairs: resolves to who was the owner. Every process hears of it. */
  reset(): Promise<number | undefined>;
  /** Puts the owner back into a store that has forgotten him; nothing where it knows better. */
  keep(userId: number): Promise<void>;
  /** Who was unpaired and has not been told yet. */
  former(): Promise<number | undefined>;
  formerWasTold(): Promise<void>;
  /** Hears of each unpairing, wherever it was asked for. Gives back what ends it. */
  onReset(listener: () => void): () => void;
}
