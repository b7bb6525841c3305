import { createHash } from 'node:crypto';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { seed } from './seed.ts';

/**
 * Files that take half a minute or more, mostly waiting: they begin first, so that none is left running alone at the end, and whole
 * programs take turns with single parts.
 */
const LONG = [
  'acceptance/kill.test.ts',
  'acceptance/kill-manage.test.ts',
  'contract/fault-matrix.test.ts',
  'acceptance/drill.test.ts',
  'acceptance/bad-input.test.ts',
  'app/lost-keys.test.ts',
  'acceptance/leaders.test.ts',
  'store/redis-server.test.ts',
  'backtest/account-equality.test.ts',
  'acceptance/kill-decisions.test.ts',
  'process/without-store.test.ts',
  'acceptance/store-away.test.ts',
  'app/scan-faults.test.ts',
  'contract/sim.test.ts',
  'acceptance/demo.test.ts',
  'backtest/live-equality.test.ts',
  'acceptance/replay.test.ts',
  'bot/delivery-trial.test.ts',
  'bot/cascade.test.ts',
  'app/execute-proposal.test.ts',
  'acceptance/upgrade.test.ts',
  'charts/threaded-renderer.test.ts',
  'contract/contract-script.test.ts',
  'contract/record.test.ts',
  'process/holding.test.ts',
  'bot/commands-taken.test.ts',
  'simulator/chat/page.test.ts',
  'bot/screen-budget.test.ts',
  'process/sentinel.test.ts',
  'bot/outbox-sender.test.ts',
  'scripts/setup.test.ts',
  'bot/store-away.test.ts',
  'app/last-look.test.ts',
  'acceptance/owner-reset.test.ts',
  'acceptance/first-run.test.ts',
  'scripts/backtest.test.ts',
  'app/lists-that-lie.test.ts',
  'acceptance/refused.test.ts',
  'acceptance/page.test.ts',
  'paper.test.ts',
];

/** The other files in an order drawn with the seed, so that none leans on another. */
export class Order extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const key = ({ moduleId }: TestSpecification): string => {
      const at = LONG.findIndex((each) => moduleId.endsWith(`/test/${each}`));
      if (at >= 0) return String(at).padStart(3, '0');
      return `x${createHash('sha256').update(`${seed}${moduleId}`).digest('hex')}`;
    };
    return files.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
  }
}
