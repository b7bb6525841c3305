import { request } from 'undici';
import { z } from 'zod';
import type { Clock } from '../app/ports/clock.ts';

/** How often the simulator is asked for its time, in wall milliseconds. */
const ASK_MS = 1_000;

const healthSchema = z.object({ now: z.number(), speed: z.number().nonnegative() });

export interface FollowedClock extends Clock {
  close(): void;
}

/** The wall's clock: for the real exchange, whose offset the client measures by itself. */
export const wallClock: Clock = { now: () => Date.now(), speed: 1 };

/**
 * A simulator's clock, which may run faster than the wall's and be moved. Between two answers it runs on by itself; it never
 * goes back. Rejects when the simulator does not answer at the start.
 */
export async function followVenueClock(controlUrl: string): Promise<FollowedClock> {
  let base = await ask(controlUrl);
  let latest = base.now;
  const timer = setInterval(() => {
    ask(controlUrl).then(
      (answer) => {
        base = answer;
      },
      // A simulator that is gone shows in every read; the clock runs on.
      () => undefined,
    );
  }, ASK_MS);
  timer.unref();
  return {
    now() {
      const estimate = base.now + (performance.now() - base.at) * base.speed;
      latest = Math.max(latest, Math.floor(estimate));
      return latest;
    },
    get speed() {
      // While it stands still, what waits and what comes round goes by the wall.
      return base.speed > 0 ? base.speed : 1;
    },
    close: () => clearInterval(timer),
  };
}

async function ask(controlUrl: string): Promise<{ now: number; speed: number; at: number }> {
  const sent = performance.now();
  const { body } = await request(`${controlUrl}/sim/health`, {
    headersTimeout: 2_000,
    bodyTimeout: 2_000,
  });
  const answer = healthSchema.parse(await body.json());
  // Half of the round trip has passed since the simulator read its clock.
  return { ...answer, at: (sent + performance.now()) / 2 };
}
