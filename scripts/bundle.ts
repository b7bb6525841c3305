/**
 * Vigil as few files: each process of its own becomes one file of plain JavaScript with all that it needs, which starts three times
 * as fast as the thousand files it is made of.
 */
import { cp, readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { build, type Plugin } from 'esbuild';

/**
 * Bundles `src/` under `root` to `outDir`: `main.ts` and every module that is started apart, each where it stood, with what is not
 * TypeScript beside it. Throws with the bundler's words.
 */
export async function bundle(root: string, outDir: string): Promise<void> {
  const src = join(root, 'src');
  for (const entry of await entriesOf(src)) {
    await build({
      entryPoints: [join(src, entry)],
      outfile: join(outDir, entry.replace(/ts$/, 'js')),
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'esm',
      keepNames: true,
      sourcemap: true,
      sourcesContent: false,
      // A library for the machine at hand, and the loader of sources, which a bundle never asks for.
      external: ['@napi-rs/canvas', 'tsx'],
      banner: { js: REQUIRE },
      logLevel: 'silent',
      plugins: [placesOf(src, dirname(entry))],
    });
  }
  await copyAssets(src, outDir);
}

/** Packages of the older kind call for others by name while they load. */
const REQUIRE =
  "import { createRequire as requireFrom } from 'node:module';\nconst require = requireFrom(import.meta.url);";

const APART = /new URL\('([^']+\.ts)', import\.meta\.url\)/g;

/** From `src`: where Vigil begins, and each module that some other starts as a process or thread. */
async function entriesOf(src: string): Promise<readonly string[]> {
  const files = (await readdir(src, { recursive: true })).filter((name) => name.endsWith('.ts'));
  const apart = files.map(async (file) =>
    [...(await readFile(join(src, file), 'utf8')).matchAll(APART)].map(([, module = '']) =>
      join(dirname(file), module),
    ),
  );
  return [...new Set(['main.ts', ...(await Promise.all(apart)).flat()])];
}

/** Modules look for files beside themselves: each goes on to know its own place, although it now stands inside an entry of `folder`. */
const placesOf = (src: string, folder: string): Plugin => ({
  name: 'places',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      if (!path.startsWith(src) || !text.includes('import.meta.url')) return undefined;
      const place = relative(join(src, folder), path).replace(/ts$/, 'js');
      const here = `new URL(${JSON.stringify(`./${place}`)}, import.meta.url).href`;
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
