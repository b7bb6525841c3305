/** Keeps the schedules what the job list says: any process of Vigil puts back what is missing, and all of it when its clock has jumped. */
import { gapBetween } from '../alerts/pulse/gap.ts';
import type { Moment } from '../alerts/pulse/judge.ts';
import type { Log } from '../app/ports/log.ts';
import type { Queues } from '../jobs/queues/queues.ts';
import { machineNow } from './pulse/machine-now.ts';

const LOOK_MS = 1_000;
const EVERY_MS = 60_000;

export interface ScheduleKeeping {
  readonly repair: Queues['repair'];
  /** Seconds of the venue in one of the wall. */
  readonly speed: () => number;
  /** Hears of each time that they were found or made whole. */
  readonly kept: () => void;
  readonly log: Pick<Log, 'warn'>;
  /** The clocks, for tests; those of this machine when absent. */
  readonly now?: () => Moment;
}

/** Looks once a second whether the clock has jumped by 5 s or more, or goes at another speed, and once a minute at every schedule; `look` is one look. */
export function keepSchedules(keeping: ScheduleKeeping): { look(): void; stop(): void } {
  const { log, now = machineNow } = keeping;
  let before = now();
  let lookedAt = before.steady;
  let speed = keeping.speed();
  let due: 'missing' | 'all' | undefined = 'missing';
  let under = false;

  async function repair(all: boolean): Promise<void> {
    const repaired = await keeping.repair(keeping.speed(), all);
    if (repaired.length > 0) log.warn('schedules were put back', { jobs: repaired });
    keeping.kept();
  }

  function look(): void {
    const moment = now();
    if (gapBetween(before, moment, LOOK_MS) !== undefined) due = 'all';
    else if (moment.steady - lookedAt >= EVERY_MS) due ??= 'missing';
    if (speed !== keeping.speed()) due ??= 'missing';
    speed = keeping.speed();
    before = moment;
    if (due === undefined || under) return;
    const asked = due;
    due = undefined;
    lookedAt = moment.steady;
    under = true;
    repair(asked === 'all')
      // The store is away: the next look tries again.
      .catch(() => (due = asked === 'all' ? 'all' : (due ?? 'missing')))
      .finally(() => (under = false));
  }
  const timer = setInterval(look, LOOK_MS);
  look();
  return { look, stop: () => clearInterval(timer) };
}
