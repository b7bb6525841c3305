/** A file of log lines that several processes write, for its owner's eyes alone, which never grows without end. */
import {
  closeSync,
  fchmodSync,
  fstatSync,
  mkdirSync,
  openSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

export interface LogFileOptions {
  readonly file: string;
  /** One process of those that write it: it moves the file aside when it is full, and the others follow. */
  readonly rotates: boolean;
  /** Bytes of one file; 10 MB when absent. */
  readonly maxBytes?: number;
}

const MAX_BYTES = 10 * 1024 * 1024;
/** So many full files are kept: `file.1` is the newest. */
const KEPT = 4;
/** Between two looks at the file's size and place. */
const LOOK_MS = 1_000;

/** Appends whole lines. What cannot be written, as on a full disk, is dropped: nothing else stops because of a log. */
export function openLogFile({ file, rotates, maxBytes = MAX_BYTES }: LogFileOptions): {
  write(line: string): void;
} {
  mkdirSync(dirname(file), { recursive: true });
  const open = (): number => {
    const opened = openSync(file, 'a', 0o600);
    // One from an earlier version may be open to others.
    fchmodSync(opened, 0o600);
    return opened;
  };
  let handle = open();
  let lookedAt = -Infinity;

  function look(): void {
    if (rotates && sizeOf(file) >= maxBytes) moveAside(file);
    if (isSame(handle, file)) return;
    closeSync(handle);
    handle = open();
  }

  return {
    write: (line) => {
      try {
        const now = performance.now();
        if (now - lookedAt >= LOOK_MS) {
          lookedAt = now;
          look();
        }
        writeSync(handle, line);
      } catch {
        // Told by the pulses that fail with it.
      }
    },
  };
}

function moveAside(file: string): void {
  for (let each = KEPT; each > 1; each -= 1) {
    if (sizeOf(`${file}.${each - 1}`) > 0) renameSync(`${file}.${each - 1}`, `${file}.${each}`);
  }
  renameSync(file, `${file}.1`);
}

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

/** Whether what is open is still what stands at that place. */
function isSame(handle: number, file: string): boolean {
  const there = statSync(file, { throwIfNoEntry: false });
  const mine = fstatSync(handle);
  return there !== undefined && there.ino === mine.ino && there.dev === mine.dev;
}
