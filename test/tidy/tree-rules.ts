/** Rules about the tree as a whole: what is reachable, what explains itself, how things are named. */
import { posix } from 'node:path';
import ts from 'typescript';
import type { Source, Violation } from './source.ts';

const ENTRY = /^(src\/(main|worker|simulator\/host)|scripts\/[^/]+)\.ts$/;

/** Files of src/ that no entry leads to, by import or by a `new URL('./x.ts', import.meta.url)` for a thread or process. */
export function unreachable(sources: readonly Source[]): Violation[] {
  const files = new Map(
    sources
      .filter(({ path }) => /^(src|scripts)\/.*\.ts$/.test(path))
      .map((file) => [file.path, file]),
  );
  if (!files.has('src/main.ts')) return [];
  const reached = new Set<string>();
  const next = [...files.keys()].filter((path) => ENTRY.test(path));
  for (let path = next.pop(); path !== undefined; path = next.pop()) {
    const file = files.get(path);
    if (file === undefined || reached.has(path)) continue;
    reached.add(path);
    next.push(...pathsIn(file));
  }
  const advice = 'No entry leads here: add it to its folder’s list, import it, or delete it.';
  return [...files.keys()]
    .filter((path) => !reached.has(path))
    .map((path) => ({ path, line: 1, rule: 'reachable', advice }));
}

function pathsIn({ path, tree }: Source): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) && /^\.\.?\/.*\.[tj]s$/.test(node.text)) {
      const target = node.text.replace(/\.js$/, '.ts');
      found.push(posix.join(posix.dirname(path), target));
    }
    ts.forEachChild(node, visit);
  };
  if (tree !== undefined) visit(tree);
  return found;
}

/** Each folder of src/ explains itself. */
export function foldersWithoutReadme(sources: readonly Source[]): Violation[] {
  const paths = new Set(sources.map(({ path }) => path));
  const folders = new Set(
    [...paths].flatMap((path) => /^src\/([^/]+)\/.*\.ts$/.exec(path)?.[1] ?? []),
  );
  return [...folders]
    .filter((folder) => !paths.has(`src/${folder}/README.md`))
    .map((folder) => ({
      path: `src/${folder}/README.md`,
      line: 1,
      rule: 'folder-readme',
      advice: 'Write one: purpose, invariants, "to add one, do this", decisions with their reason.',
    }));
}

const VAGUE = /(^|[-/])(utils?|helpers?|common|misc|shared|stuff|index|manager)(\.ts$|\/)/;
const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*(\.(type|test|config))*\.(ts|mts|mjs|json|html|css|md)$/;

/** Names tell what is inside; an index.ts that only hands on hides where things are. */
export function vagueNames(sources: readonly Source[]): Violation[] {
  return sources
    .map(({ path }) => path)
    .filter((path) => path.startsWith('src/') && path.endsWith('.ts'))
    .filter((path) => VAGUE.test(path) || !KEBAB.test(posix.basename(path)))
    .map((path) => ({
      path,
      line: 1,
      rule: 'telling-names',
      advice: 'Name it after the one thing it holds, in kebab-case.',
    }));
}

/** So many files of a folder can be looked over at a glance. */
export const FOLDER_FILES_MAX = 15;

/** Lists of one kind, a file each, where only the number grows. */
const LISTS =
  /^src\/(alerts\/rules|app\/ports|bot\/(commands|views)|risk\/limits|signals\/criteria|store\/repositories)$/;

/** At most 15 files of code a folder, and beside main.ts and config.ts none loose in src/. */
export function crowdedFolders(sources: readonly Source[]): Violation[] {
  const counts = new Map<string, number>();
  for (const { path } of sources) {
    if (!/^src\/.*\.ts$/.test(path)) continue;
    const folder = posix.dirname(path);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  const crowded = [...counts]
    .filter(([folder, count]) => count > FOLDER_FILES_MAX && !LISTS.test(folder))
    .map(([folder]) => ({
      path: folder,
      line: 1,
      rule: 'rooms',
      advice: `More than ${FOLDER_FILES_MAX} files: divide it into rooms by what they do.`,
    }));
  const loose = sources
    .filter(({ path }) => /^src\/[^/]+\.ts$/.test(path))
    .filter(({ path }) => !/^src\/(main|config)\.ts$/.test(path))
    .map(({ path }) => ({
      path,
      line: 1,
      rule: 'nothing-loose',
      advice:
        'Put it into a room: process/ starts and joins the parts, demo/ and paper/ are modes.',
    }));
  return [...crowded, ...loose];
}
