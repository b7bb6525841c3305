/**
 * Vigil as few files of plain JavaScript, of which each process loads what it needs: it starts several times as fast as from the thousand
 * files it is made of.
 */
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { BUNDLING } from './bundled.mjs';

/**
 * Bundles `src/` under `root` to `outDir`: `main.ts` and every module that is started apart, each where it stood, with what they share in
 * files beside them and what is not TypeScript where it was. `programs`: others that are started, by their paths from `root`, which they
 * keep below `outDir`. Throws with the bundler's words.
 */
export async function bundle(
  root: string,
  outDir: string,
  programs: readonly string[] = [],
): Promise<void> {
  const src = join(root, 'src');
  const place = (file: string): string => relative(file.startsWith(src) ? src : root, file);
  const files = [...(await entriesOf(src)), ...programs.map((program) => join(root, program))];
  const entries = files.map(place);
  await build({
    entryPoints: files.map((file) => ({ in: file, out: partOf(place(file)) })),
    outdir: outDir,
    ...BUNDLING,
    sourcemap: true,
    sourcesContent: false,
    // A library for the machine at hand, and the loader of sources, which a bundle never asks for.
    external: ['@napi-rs/canvas', 'tsx'],
    plugins: [placesOf(root, place)],
  });
  for (const entry of entries) await writeEntry(outDir, entry);
  await copyAssets(src, outDir);
}

/** All code stands in one folder, since no module can know beforehand in which file it will be. */
const partOf = (entry: string): string => `part-${entry.replace(/\.ts$/, '').replaceAll('/', '-')}`;

/** Where an entry is looked for there is a line that loads it. */
async function writeEntry(outDir: string, entry: string): Promise<void> {
  const file = join(outDir, entry.replace(/ts$/, 'js'));
  await mkdir(dirname(file), { recursive: true });
  const up = relative(dirname(file), outDir) || '.';
  await writeFile(file, `import '${up}/${partOf(entry)}.js';\n`);
}

const APART = /new URL\('([^']+\.ts)', import\.meta\.url\)/g;

/** From `src`: where Vigil begins, and each module that some other starts as a process or thread. */
async function entriesOf(src: string): Promise<readonly string[]> {
  const files = (await readdir(src, { recursive: true })).filter((name) => name.endsWith('.ts'));
  const apart = files.map(async (file) =>
    [...(await readFile(join(src, file), 'utf8')).matchAll(APART)].map(([, module = '']) =>
      join(src, dirname(file), module),
    ),
  );
  return [...new Set([join(src, 'main.ts'), ...(await Promise.all(apart)).flat()])];
}

/** Modules look for files beside themselves: each goes on to know its own place, although its code now stands in `outDir` itself. */
const placesOf = (root: string, place: (file: string) => string): Plugin => ({
  name: 'places',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      if (!path.startsWith(root) || !text.includes('import.meta.url')) return undefined;
      const built = place(path).replace(/ts$/, 'js');
      const here = `new URL(${JSON.stringify(`./${built}`)}, import.meta.url).href`;
      return { contents: text.replaceAll('import.meta.url', here), loader: 'ts' };
    });
  },
});

const isAsset = (name: string): boolean => !/\.(ts|md)$/.test(name) && !name.startsWith('.');

async function copyAssets(from: string, to: string): Promise<void> {
  const entries = await readdir(from, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((one) => one.isFile() && isAsset(one.name))) {
    const file = join(entry.parentPath, entry.name);
    await cp(file, join(to, relative(from, file)));
  }
}
