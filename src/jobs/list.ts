import { accountJob } from './account.ts';
import { backtestJob } from './backtest.ts';
import { executeJob } from './execute.ts';
import { expireJob } from './expire.ts';
import { flattenJob } from './flatten.ts';
import type { JobDefinition } from './job.ts';
import { limitsJob } from './limits.ts';
import { manageJob } from './manage.ts';
import { policyJob } from './policy.ts';
import { protectJob } from './protect.ts';
import { reconcileJob } from './reconcile.ts';
import { ownAlertsJob } from './telling/own-alerts.ts';
import { reportJob } from './telling/report.ts';
import { remindJob } from './telling/remind.ts';
import { trailJob } from './trail.ts';
import { riskJob } from './risk.ts';
import { scanAlertJob, scanFetchJob, scanJob, scanRiskJob, scanSignalJob } from './scan.ts';

/** Every job. To add one: a file with a definition, and its name here. */
export const JOBS: readonly JobDefinition[] = [
  accountJob,
  riskJob,
  scanJob,
  scanFetchJob,
  scanSignalJob,
  scanRiskJob,
  scanAlertJob,
  backtestJob,
  executeJob,
  expireJob,
  flattenJob,
  protectJob,
  manageJob,
  trailJob,
  reconcileJob,
  remindJob,
  ownAlertsJob,
  reportJob,
  limitsJob,
  policyJob,
] as readonly JobDefinition[];
