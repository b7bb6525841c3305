import { setTimeout as delay } from 'node:timers/promises';
import { request } from 'undici';
import { waitsForOwner } from '../app/scan/waits-for-owner.ts';
import type { Store } from '../store/store.ts';

/** How often it is looked whether somebody is paired, wall milliseconds. */
const LOOK_MS = 250;

/**
 * Resolves once somebody is paired, or `over`. Once a signal waits the market's clock stands still until then: nobody shall find ideas
 * that expired before there was anybody to tell.
 */
export async function untilPaired(
  store: Pick<Store, 'owners' | 'proposals'>,
  about: { readonly controlUrl: string; readonly speed: number; readonly over: () => boolean },
): Promise<void> {
  let isStill = false;
  while (!about.over()) {
    if (typeof (await store.owners.owner().catch(() => undefined)) === 'number') break;
    if (!isStill && (await waitsForOwner(store))) {
      isStill = await setSpeed(about.controlUrl, 0);
    }
    await delay(LOOK_MS, undefined, { ref: false });
  }
  if (isStill && !about.over()) await setSpeed(about.controlUrl, about.speed);
}

/** Whether the simulator took it. */
const setSpeed = async (controlUrl: string, speed: number): Promise<boolean> => {
  const headers = { 'content-type': 'application/json' };
  const asked = { method: 'POST', headers, body: JSON.stringify({ speed }) } as const;
  const answer = await request(`${controlUrl}/sim/speed`, asked).catch(() => undefined);
  await answer?.body.dump();
  return answer?.statusCode === 200;
};
