/** How long a file and a function may be. */
import ts from 'typescript';
import type { Source, Violation } from './source.ts';

export const FILE_LINES_MAX = 400;
export const FUNCTION_LINES_MAX = 70;
export const README_LINES_MAX = 60;

const MEASURED = /^(src|scripts)\/.*\.(ts|mjs|js)$/;
const FOLDER_README = /^src\/.+\/README\.md$/;

const linesOf = (text: string): number => text.trimEnd().split('\n').length;

export function tooLongFile({ path, text }: Source): Violation[] {
  const most = FOLDER_README.test(path) ? README_LINES_MAX : FILE_LINES_MAX;
  if (!MEASURED.test(path) && !FOLDER_README.test(path)) return [];
  const lines = linesOf(text);
  if (lines <= most) return [];
  const advice = `${lines} lines, ${most} are allowed: split it by what it is about.`;
  return [{ path, line: 1, rule: 'file-length', advice }];
}

export function tooLongFunctions({ path, tree }: Source): Violation[] {
  if (!MEASURED.test(path) || tree === undefined) return [];
  const found: Violation[] = [];
  const lineOf = (offset: number): number => tree.getLineAndCharacterOfPosition(offset).line + 1;
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
      const first = lineOf(node.getStart(tree));
      const lines = lineOf(node.getEnd()) - first + 1;
      if (lines > FUNCTION_LINES_MAX) {
        const advice = `${lines} lines, ${FUNCTION_LINES_MAX} are allowed: name its parts and move them out.`;
        found.push({ path, line: first, rule: 'function-length', advice });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}
