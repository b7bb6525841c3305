/** Remembers what the account held before a time in which nobody looked, and says afterwards what changed in it. */
import { changedMeanwhile, type Held } from '../../alerts/pulse/away.ts';
import type { AccountStore } from '../../app/ports/account-store.ts';

export interface Meanwhile {
  /** The last look counts as the one before; one that is kept already stays. */
  begin(): Promise<void>;
  /** What changed since then, by the newest look; '' where that is not known. */
  end(): Promise<string>;
}

export function followMeanwhile(accounts: Pick<AccountStore, 'snapshot'>): Meanwhile {
  let before: Held | undefined;
  return {
    begin: async () => {
      before ??= await accounts.snapshot().catch(() => undefined);
    },
    end: async () => {
      const after = await accounts.snapshot().catch(() => undefined);
      const known = before;
      before = undefined;
      if (after === undefined || (known !== undefined && after.at === known.at)) return '';
      return changedMeanwhile(known, after);
    },
  };
}
