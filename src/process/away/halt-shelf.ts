/** Keeps the owner's halt in a file while the store does not take it, so that a restart in between does not lose it. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { HaltShelf } from '../../app/halt/halt-guard.ts';
import type { Log } from '../../app/ports/log.ts';
import type { Ports } from '../../app/ports/ports.ts';
import { messageOf } from '../../app/reading/reading.ts';
import type { ModeReason } from '../../domain/trading-mode.ts';
import { replaceFile } from './replace-file.ts';

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
    put: (reason) => tried(replaceFile(file, JSON.stringify(reason))),
    clear: () => tried(rm(file, { force: true })),
  };
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
