/** Remembers what the account held before a time in which nobody looked, and says afterwards what changed in it. */
import { changedMeanwhile, type Held } from '../../alerts/pulse/away.ts';
import type { AccountStore } from '../../app/ports/account-store.ts';
import type { ModeStore } from '../../app/ports/mode-store.ts';

export interface Meanwhile {
  /** The last look counts as the one before; one that is kept already stays. */
  begin(): Promise<void>;
  /** What changed since then, by the newest look, and that new trades are still paused; '' where neither is known. */
  end(): Promise<string>;
}

const STILL_PAUSED = 'New trades are still paused: /resume shows why and opens them again.';

export function followMeanwhile({
  accounts,
  mode,
}: {
  readonly accounts: Pick<AccountStore, 'snapshot'>;
  readonly mode: Pick<ModeStore, 'read'>;
}): Meanwhile {
  /** What Vigil paused meanwhile stays so: nothing opens by itself. */
  async function paused(): Promise<readonly string[]> {
    const state = await mode.read().catch(() => undefined);
    return state === undefined || state.mode === 'normal' ? [] : [STILL_PAUSED];
  }

  let before: Held | undefined;
  return {
    begin: async () => {
      before ??= await accounts.snapshot().catch(() => undefined);
    },
    end: async () => {
      const after = await accounts.snapshot().catch(() => undefined);
      const known = before;
      before = undefined;
      const changed =
        after === undefined || (known !== undefined && after.at === known.at)
          ? []
          : [changedMeanwhile(known, after)];
      return [...changed, ...(await paused())].join(' ');
    },
  };
}
