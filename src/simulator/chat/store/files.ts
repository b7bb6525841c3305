import { createHash, randomBytes } from 'node:crypto';

/** The oldest files beyond this number are forgotten. */
const FILES_MAX = 500;

/** A file as the emulator keeps it. */
export interface StoredFile {
  readonly fileId: string;
  readonly uniqueId: string;
  /** The path under /file/bot<token>/, e.g. photos/file_3.png. */
  readonly path: string;
  readonly name: string;
  readonly mime: string;
  readonly size: number;
}

/** What survives a restart; the bytes lie in files of their own. */
export interface FilesSnapshot {
  readonly files: readonly StoredFile[];
  readonly nextNumber: number;
}

/** A file before it has an id. */
export interface NewFile {
  readonly folder: 'photos' | 'documents';
  readonly extension: string;
  readonly name: string;
  readonly mime: string;
  readonly bytes: Buffer;
}

/** Uploaded files, found by id or by path. */
export class Files {
  readonly #files = new Map<string, StoredFile>();
  readonly #bytes = new Map<string, Buffer>();
  #nextNumber = 0;

  add(file: NewFile): StoredFile {
    const uniqueId = createHash('sha256').update(file.bytes).digest('base64url').slice(0, 15);
    const prefix = file.folder === 'photos' ? 'AgACAgI' : 'BQACAgI';
    const stored: StoredFile = {
      fileId: `${prefix}${randomBytes(30).toString('base64url')}`,
      uniqueId,
      path: `${file.folder}/file_${this.#nextNumber}${file.extension}`,
      name: file.name,
      mime: file.mime,
      size: file.bytes.length,
    };
    this.#nextNumber += 1;
    this.#files.set(stored.fileId, stored);
    this.#bytes.set(stored.fileId, file.bytes);
    const [oldest] = this.#files.keys();
    if (this.#files.size > FILES_MAX && oldest !== undefined) this.#forget(oldest);
    return stored;
  }

  #forget(fileId: string): void {
    this.#files.delete(fileId);
    this.#bytes.delete(fileId);
  }

  get(fileId: string): StoredFile | undefined {
    return this.#files.get(fileId);
  }

  byPath(path: string): StoredFile | undefined {
    return [...this.#files.values()].find((file) => file.path === path);
  }

  bytes(fileId: string): Buffer | undefined {
    return this.#bytes.get(fileId);
  }

  list(): StoredFile[] {
    return [...this.#files.values()];
  }

  snapshot(): FilesSnapshot {
    return { files: this.list(), nextNumber: this.#nextNumber };
  }

  /** Takes back what `load` still finds; a file whose bytes are gone is forgotten. */
  restore(snapshot: FilesSnapshot, load: (file: StoredFile) => Buffer | undefined): void {
    this.#nextNumber = snapshot.nextNumber;
    for (const file of snapshot.files) {
      const bytes = load(file);
      if (!bytes) continue;
      this.#files.set(file.fileId, file);
      this.#bytes.set(file.fileId, bytes);
    }
  }
}
