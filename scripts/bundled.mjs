/**
 * `node scripts/bundled.mjs NAME …` runs scripts/NAME.ts as plain JavaScript in few files, which starts several times as fast as the hundreds it is
 * made of. They lie in .cache/ and are made anew as soon as one of their sources, or a package, has changed.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';

/** Besides the sources: which packages there are, and how the sources are read. */
const BESIDES = ['package-lock.json', 'tsconfig.json'];

/** Hash over the names and contents of these files under `root`; undefined where one is gone. */
function hashOf(root, files) {
  const hash = createHash('sha256');
  try {
    for (const file of files) hash.update(`${file}\0`).update(readFileSync(join(root, file)));
  } catch {
    return undefined;
  }
  // Modules know their place by the folder that they were read from.
  return hash.update(root).digest('hex').slice(0, 16);
}

function made(note) {
  try {
    return JSON.parse(readFileSync(note, 'utf8'));
  } catch {
    return undefined;
  }
}

/** The script as plain JavaScript of the present sources, made where it is not at hand. Rejects with the bundler's words. */
export async function bundled(root, name) {
  const beside = join(root, '.cache', 'scripts', name);
  const note = `${beside}.json`;
  const folderOf = (hash) => `${beside}.${hash}`;
  const fileOf = (hash) => join(folderOf(hash), `${basename(name)}.mjs`);
  const known = made(note);
  if (known !== undefined && hashOf(root, known.files) === known.hash) return fileOf(known.hash);
  // Made aside and moved in one step: two runs may begin at once.
  const aside = `${beside}.${process.pid}`;
  const files = await bundle({ root, name, aside });
  const hash = hashOf(root, files);
  move(aside, folderOf(hash));
  writeFileSync(`${aside}.json`, JSON.stringify({ hash, files }));
  renameSync(`${aside}.json`, note);
  if (known !== undefined && known.hash !== hash) rmSync(folderOf(known.hash), WITH_ALL);
  return fileOf(hash);
}

const WITH_ALL = { recursive: true, force: true };

/** Where the same lies there already, that stays. */
function move(from, to) {
  try {
    renameSync(from, to);
  } catch (error) {
    rmSync(from, WITH_ALL);
    if (!existsSync(to)) throw error;
  }
}

/** How plain JavaScript is made of sources, whatever it is made for. */
export const BUNDLING = {
  bundle: true,
  splitting: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  // Packages of the older kind call for others by name while they load.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module';\nconst require = requireFrom(import.meta.url);",
  },
  logLevel: 'silent',
};

/** Bundles the script into that folder and answers with the files it is made of. What is asked for later is loaded later. */
async function bundle({ root, name, aside }) {
  const { build } = await import('esbuild');
  const { metafile } = await build({
    entryPoints: [join(root, 'scripts', `${name}.ts`)],
    absWorkingDir: root,
    outdir: aside,
    outExtension: { '.js': '.mjs' },
    ...BUNDLING,
    metafile: true,
    // A library for the machine at hand, the loader that threads start with, and the bundler itself.
    external: ['@napi-rs/canvas', 'tsx', 'esbuild'],
    plugins: [OWN_PLACE],
  });
  const sources = Object.keys(metafile.inputs).filter((file) => !file.includes('node_modules/'));
  return [...sources, ...BESIDES];
}

/** A module looks for files beside its source, wherever its code stands. */
const OWN_PLACE = {
  name: 'own-place',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      if (!text.includes('import.meta.url')) return undefined;
      const here = JSON.stringify(pathToFileURL(path).href);
      return { contents: text.replaceAll('import.meta.url', here), loader: 'ts' };
    });
  },
};

/** Runs the script in this process. Where nothing can be made or kept, as on a disk that is read-only, from its sources. */
async function run(root, name, args) {
  const script = join(root, 'scripts', `${name}.ts`);
  process.argv = [process.execPath, script, ...args];
  const file = await bundled(root, name).catch(() => undefined);
  if (file === undefined) (await import('tsx/esm/api')).register();
  // A run of seconds ends before most of what it compiles has paid: only what is really hot is worth it.
  setFlagsFromString('--interrupt-budget=1000000');
  await import(pathToFileURL(file ?? script).href);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [name, ...args] = process.argv.slice(2);
  await run(resolve(fileURLToPath(import.meta.url), '../..'), name, args);
}
