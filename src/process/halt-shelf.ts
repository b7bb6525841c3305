/** Keeps the owner's halt in a file while the store does not take it, so that a restart in between does not lose it. */
import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { HaltShelf } from '../app/halt/halt-guard.ts';
import type { Log } from '../app/ports/log.ts';
import type { Ports } from '../app/ports/ports.ts';
import { messageOf } from '../app/reading/reading.ts';
import type { ModeReason } from '../domain/trading-mode.ts';

const schema = z.object({ trigger: z.string(), evidence: z.string(), at: z.number() });

type Place = { readonly dataDir: string; readonly account: string };

const fileOf = ({ dataDir, account }: Place): string => join(dataDir, `${account}.halt`);

export function createHaltShelf(place: Place, log: Log): HaltShelf {
  const file = fileOf(place);
  const tried = (work: Promise<void>): Promise<void> =>
    work.catch((error: unknown) =>
      log.error('a halt that is not stored cannot be kept in a file either', {
        reason: messageOf(error),
      }),
    );
  return {
    put: (reason) => tried(replace(file, JSON.stringify(reason))),
    clear: () => tried(rm(file, { force: true })),
  };
}

/** Never half a file, and on the disk when it resolves: process and machine may end at any moment. */
async function replace(file: string, text: string): Promise<void> {
  const fresh = await open(`${file}.new`, 'w', 0o600);
  try {
    await fresh.writeFile(text);
    await fresh.sync();
  } finally {
    await fresh.close();
  }
  await rename(`${file}.new`, file);
  // The name too is lost with the power, unless its folder is written.
  const folder = await open(dirname(file));
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** At a start: the halt that an earlier process could not store is stored now. One that cannot be read halts as well. */
export async function storeShelvedHalt(
  place: Place,
  { mode, clock }: Pick<Ports, 'mode' | 'clock'>,
): Promise<void> {
  const text = await readFile(fileOf(place), 'utf8').catch(() => undefined);
  if (text === undefined) return;
  const reason = parse(text) ?? {
    trigger: 'owner',
    evidence: 'Halted by you before the last start.',
    at: clock.now(),
  };
  await mode.apply({ kind: 'tighten', to: 'halted', reason });
  await rm(fileOf(place), { force: true });
}

function parse(text: string): ModeReason | undefined {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
