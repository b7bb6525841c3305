/** A file that says whether Vigil keeps watch, for the health check of a container. */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { RunConfig } from '../wiring.ts';

const EVERY_MS = 5_000;

/** Where the file of this account is; `scripts/healthy.mjs` reads it. */
export const pulseFile = ({ dataDir, account }: Pick<RunConfig, 'dataDir' | 'account'>): string =>
  join(dataDir, `${account}.pulse`);

const STOPPED = 'Vigil was stopped.';

/** Writes "well", or what is wrong, every 5 s. A file that grows old says that nobody writes it any more. */
export function writePulseFile(
  file: string,
  trouble: () => string | undefined,
): { stop(reason?: string): Promise<void> } {
  let writing = Promise.resolve();
  const write = (text: string): Promise<void> => {
    writing = writing
      .then(async () => {
        await mkdir(dirname(file), { recursive: true });
        await writeFile(`${file}.new`, `${text}\n`, { mode: 0o600 });
        await rename(`${file}.new`, file);
      })
      // A disk that is full is told by other pulses; this one then grows old.
      .catch(() => undefined);
    return writing;
  };
  const say = (): void => void write(trouble() ?? 'well');
  say();
  const timer = setInterval(say, EVERY_MS);
  return {
    stop: async (reason) => {
      clearInterval(timer);
      await write(reason ?? STOPPED);
    },
  };
}
