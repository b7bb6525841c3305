/** A README that names a file names one that is there. */
import { posix } from 'node:path';
import { lineAt, type Source, type Violation } from './source.ts';

const NAMED = /`([\w./*-]+\.(?:ts|mjs|js|css|html|md|yml)|[\w./*-]+\/)`/g;
/** What is made while it runs, or is an example. */
const ELSEWHERE = new Set(['.cache/', 'replay-report/', 'dist/', '.data/', 'my-chart.ts']);

export function namesNoFile(sources: readonly Source[]): Violation[] {
  const paths = sources.map(({ path }) => path);
  const there = new Set(paths.flatMap((path) => [path, ...foldersOf(path)]));
  const exists = (from: string, name: string): boolean =>
    [posix.join(from, name), posix.join('src', name), name].some((candidate) =>
      candidate.includes('*')
        ? paths.some((path) => fits(candidate, path))
        : there.has(candidate.replace(/\/$/, '')),
    );
  return sources
    .filter(({ path }) => path.endsWith('.md'))
    .flatMap((source) =>
      [...source.text.matchAll(NAMED)]
        .filter(([, name = '']) => !ELSEWHERE.has(name))
        .filter(([, name = '']) => !exists(posix.dirname(source.path), name))
        .map(({ index, 1: name = '' }) => ({
          path: source.path,
          line: lineAt(source.text, index),
          rule: 'named-file',
          advice: `"${name}" is not there: correct the name, from this folder or from src/.`,
        })),
    );
}

/** `*` stands for a part of a file's name; without a folder in front it may lie anywhere below. */
function fits(candidate: string, path: string): boolean {
  const [folder, name] = [posix.dirname(candidate), posix.basename(candidate)];
  const [before = '', after = ''] = name.split('*');
  const file = posix.basename(path);
  return path.startsWith(`${folder}/`) && file.startsWith(before) && file.endsWith(after);
}

function foldersOf(path: string): string[] {
  const folder = posix.dirname(path);
  return folder === '.' ? [] : [folder, ...foldersOf(folder)];
}
