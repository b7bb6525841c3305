/** A file of this machine that knows when somebody last kept watch over the account, for a store that has forgotten it or was away. */
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { lastWatchSchema, type LastWatch } from '../../store/pulse-channel.ts';
import { replaceFile } from '../without-store/replace-file.ts';
import type { Place } from '../without-store/shelf.ts';

const EVERY_MS = 5_000;

const fileOf = ({ dataDir, account }: Place): string => join(dataDir, `${account}.watch`);

/** Undefined before the first, and where it cannot be read. */
export async function watchOnFile(place: Place): Promise<LastWatch | undefined> {
  try {
    return lastWatchSchema.parse(JSON.parse(await readFile(fileOf(place), 'utf8')));
  } catch {
    return undefined;
  }
}

/**
 * Notes every 5 s that this process keeps watch, while `keeps`. Others of the same folder, which only start, stand by or work, write nothing
 * here: an absence is counted from whoever watched last.
 */
export function noteWatchOnFile(
  place: Place,
  keeps: () => boolean,
): { end(planned: boolean): Promise<void> } {
  let line = Promise.resolve();
  const note = (planned: boolean): Promise<void> => {
    line = line
      .then(async () => {
        await mkdir(dirname(fileOf(place)), { recursive: true });
        await replaceFile(fileOf(place), JSON.stringify({ at: Date.now(), planned }));
      })
      .catch(() => undefined);
    return line;
  };
  const look = (): void => void (keeps() && note(false));
  look();
  const timer = setInterval(look, EVERY_MS);
  return {
    end: async (planned) => {
      clearInterval(timer);
      if (keeps()) await note(planned);
      await line;
    },
  };
}
