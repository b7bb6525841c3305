import type { OwnerStore } from '../../app/ports/owner-store.ts';

/** Anybody may write to the bot: new codes are no faster than this, milliseconds. */
const EVERY_MS = 60_000;

/** Codes for the console, while nobody is paired. */
export interface PairingCodes {
  /** For whoever writes to the bot: puts a new one on the console where none is valid. False when the last one is less than a minute old. */
  renew(): Promise<boolean>;
  /** Puts a new one on the console in any case. */
  show(): Promise<void>;
}

export function createPairingCodes(
  owners: Pick<OwnerStore, 'hasCode' | 'newCode'>,
  show: (code: string) => void,
): PairingCodes {
  let last = -EVERY_MS;
  const fresh = async (): Promise<void> => {
    last = performance.now();
    show(await owners.newCode());
  };
  return {
    show: fresh,
    renew: async () => {
      if (await owners.hasCode()) return true;
      if (performance.now() - last < EVERY_MS) return false;
      await fresh();
      return true;
    },
  };
}
