import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Never half a file, and on the disk when it resolves: process and machine may end at any moment. For the owner alone to read. */
export async function replaceFile(file: string, content: string | Uint8Array): Promise<void> {
  const fresh = await open(`${file}.new`, 'w', 0o600);
  try {
    await fresh.writeFile(content);
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
