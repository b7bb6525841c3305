import { mkdirSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { z } from 'zod';

import type { World } from '../world.ts';
import type { CommandsSnapshot } from './commands.ts';
import type { FilesSnapshot, StoredFile } from './files.ts';
import type { MessagesSnapshot } from './messages.ts';
import type { PeopleSnapshot } from './people.ts';
import type { UpdatesSnapshot } from './updates.ts';

const DEBOUNCE_MS = 150;

/** Only the frame is checked: the file is written by this program and nobody else. */
const Saved = z.object({
  version: z.literal(1),
  people: z.custom<PeopleSnapshot>((value) => typeof value === 'object'),
  messages: z.custom<MessagesSnapshot>((value) => typeof value === 'object'),
  files: z.custom<FilesSnapshot>((value) => typeof value === 'object'),
  updates: z.custom<UpdatesSnapshot>((value) => typeof value === 'object'),
  commands: z.custom<CommandsSnapshot>((value) => Array.isArray(value)),
});

/** Keeps the world in a file, and uploaded files in a folder beside it. */
export class Persistence {
  readonly #path: string;
  readonly #world: World;
  readonly #savedFiles = new Set<string>();
  readonly #onError: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #last = '';

  constructor(path: string, world: World, onError: (error: unknown) => void) {
    this.#path = path;
    this.#world = world;
    this.#onError = onError;
  }

  /** Takes up what an earlier run has left; a damaged file is an error that names it. */
  load(): void {
    mkdirSync(dirname(this.#path), { recursive: true });
    const text = readIfThere(this.#path)?.toString('utf8');
    if (text === undefined) return;
    const { people, messages, files, updates, commands } = parseSaved(text, this.#path);
    this.#world.people.restore(people);
    this.#world.messages.restore(messages);
    this.#world.files.restore(files, (file) => readIfThere(this.#bytesPath(file)));
    this.#world.updates.restore(updates);
    this.#world.commands.restore(commands);
    for (const file of this.#world.files.list()) this.#savedFiles.add(file.fileId);
  }

  /** Saves soon; many changes in a short time are saved once. */
  schedule(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#write();
    }, DEBOUNCE_MS);
  }

  /** Saves what is not saved yet and waits until it is on the disk. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#write();
    await this.#writing;
  }

  #write(): void {
    this.#writing = this.#writing.then(() => this.#save()).catch(this.#onError);
  }

  async #save(): Promise<void> {
    await this.#saveFiles();
    const { people, messages, files, updates, commands } = this.#world;
    const text = JSON.stringify({
      version: 1,
      people: people.snapshot(),
      messages: messages.snapshot(),
      files: files.snapshot(),
      updates: updates.snapshot(),
      commands: commands.snapshot(),
    });
    if (text === this.#last) return;
    await writeFile(`${this.#path}.tmp`, text, { mode: 0o600 });
    await rename(`${this.#path}.tmp`, this.#path);
    this.#last = text;
  }

  async #saveFiles(): Promise<void> {
    const { files } = this.#world;
    const present = new Set(files.list().map((file) => file.fileId));
    for (const file of files.list()) {
      const bytes = files.bytes(file.fileId);
      if (this.#savedFiles.has(file.fileId) || !bytes) continue;
      await mkdir(this.#folder(), { recursive: true });
      await writeFile(this.#bytesPath(file), bytes, { mode: 0o600 });
      this.#savedFiles.add(file.fileId);
    }
    for (const fileId of this.#savedFiles) {
      if (present.has(fileId)) continue;
      await rm(join(this.#folder(), fileId), { force: true });
      this.#savedFiles.delete(fileId);
    }
  }

  #folder(): string {
    return `${this.#path}.files`;
  }

  #bytesPath(file: StoredFile): string {
    return join(this.#folder(), file.fileId);
  }
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function parseSaved(text: string, path: string): z.infer<typeof Saved> {
  try {
    return Saved.parse(JSON.parse(text));
  } catch (error) {
    const advice = 'move it away to begin with an empty chat';
    throw new Error(`The chat's saved state "${path}" cannot be read: ${advice}`, { cause: error });
  }
}
