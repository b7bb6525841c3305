/** The ports of a process that must go on without its store: each door asks the store first, and the stand-in where that fails. */
import type { Ports } from '../../app/ports/ports.ts';
import { LedByAnother, StoreUnreadable } from '../../domain/failure.ts';

type Method<Args extends unknown[], Result> = (...args: Args) => Promise<Result>;

/** `away`: whether the store is known to be away, so that nobody waits for it. */
export function withStandIn(store: Ports, standIn: Ports, away: () => boolean): Ports {
  /** What is damaged is another matter than a store that does not answer, and so is one that another process leads over. */
  const either =
    <Args extends unknown[], Result>(
      first: Method<Args, Result>,
      second: Method<Args, Result>,
    ): Method<Args, Result> =>
    async (...args) => {
      if (away()) return second(...args);
      try {
        return await first(...args);
      } catch (error) {
        if (error instanceof StoreUnreadable || error instanceof LedByAnother) throw error;
        return second(...args);
      }
    };
  const { accounts, mode, policies, outbox, work, actions } = store;
  return {
    ...store,
    mode: { ...mode, read: either(mode.read, standIn.mode.read) },
    policies: { ...policies, read: either(policies.read, standIn.policies.read) },
    actions: { ...actions, note: either(actions.note, standIn.actions.note) },
    outbox: {
      raise: either(outbox.raise, standIn.outbox.raise),
      revise: either(outbox.revise, standIn.outbox.revise),
    },
    work: {
      ...work,
      flatten: either(work.flatten, standIn.work.flatten),
      refreshAccount: either(work.refreshAccount, standIn.work.refreshAccount),
    },
    accounts: {
      ...accounts,
      snapshot: either(accounts.snapshot, standIn.accounts.snapshot),
      riskState: either(accounts.riskState, standIn.accounts.riskState),
      priceTimes: either(accounts.priceTimes, standIn.accounts.priceTimes),
      savePriceTimes: either(accounts.savePriceTimes, standIn.accounts.savePriceTimes),
      onCommit: (listener) => {
        const ends = [accounts, standIn.accounts].map((each) => each.onCommit(listener));
        return () => ends.forEach((each) => each());
      },
    },
  };
}
