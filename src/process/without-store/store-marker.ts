/** A file outside the store that knows which store it was and how far on: with it, one that is empty or older has lost something. */
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Log } from '../../app/ports/log.ts';
import { messageOf } from '../../app/reading/reading.ts';
import { knownStore, type Epoch } from '../../store/epoch.ts';
import type { OwnerCache } from '../../bot/access/owner-cache.ts';
import { z } from 'zod';
import { replaceFile } from './replace-file.ts';
import type { Place } from './shelf.ts';

const EVERY_MS = 5_000;

const fileOf = ({ dataDir, account }: Place): string => join(dataDir, `${account}.known`);

/** Whether Vigil has run for this account before. */
export const hasMarker = (place: Place): boolean => existsSync(fileOf(place));

const marker = knownStore.extend({
  /** The owner's numeric Telegram id, while somebody is paired. */
  owner: z.number().int().positive().exactOptional(),
});
type Marker = Readonly<z.infer<typeof marker>>;

/** Undefined: there is none, or it was written before stores had an epoch, or it is damaged. */
export async function readMarker(place: Place): Promise<Marker | undefined> {
  try {
    return marker.parse(JSON.parse(await readFile(fileOf(place), 'utf8')));
  } catch {
    return undefined;
  }
}

/** Writes it now, every 5 s where something has changed, and at the end. */
export async function keepMarker(
  place: Place,
  about: { readonly epoch: Pick<Epoch, 'known'>; readonly owner: OwnerCache; readonly log: Log },
): Promise<{ stop(): Promise<void> }> {
  const { epoch, owner, log } = about;
  const file = fileOf(place);
  let written = '';
  const write = async (): Promise<void> => {
    // Puts him back where the store has forgotten him.
    const paired = await owner.find().catch(() => owner.known());
    const known = epoch.known();
    const text = `${JSON.stringify(known === undefined ? {} : { ...known, owner: paired })}\n`;
    if (text === written) return;
    try {
      await mkdir(dirname(file), { recursive: true });
      await replaceFile(file, text);
      written = text;
    } catch (error) {
      log.warn('what is known of the store could not be written down', {
        reason: messageOf(error),
      });
    }
  };
  await write();
  let writing = Promise.resolve();
  const timer = setInterval(() => {
    writing = writing.then(write);
  }, EVERY_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await writing;
      await write();
    },
  };
}
