/** Tells whether dist/ was built from the sources as they are now. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Hash over the names and contents of all that is built. */
export function sourceHash(root) {
  const hash = createHash('sha256');
  const files = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
  // The packages are part of what is built.
  const besides = ['package.json', 'package-lock.json', 'tsconfig.json'];
  for (const file of [...files, ...besides.map((name) => join(root, name))]) {
    hash.update(file.slice(root.length)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

/** The hash that the build noted, or undefined when there is no build. */
export function builtFrom(root) {
  try {
    return JSON.parse(readFileSync(join(root, 'dist', 'build.json'), 'utf8')).sourceHash;
  } catch {
    return undefined;
  }
}

/** Arguments for Node: a container has dist/ and no sources, a checkout has both or only the sources. */
export function entry(base) {
  const built = builtFrom(base);
  const hasSources = existsSync(join(base, 'src', 'main.ts'));
  if (built !== undefined && (!hasSources || built === sourceHash(base))) {
    return [join(base, 'dist', 'main.js')];
  }
  return ['--import', 'tsx', join(base, 'src', 'main.ts')];
}
