/** The files of the repository as the house rules see them. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

export interface Source {
  /** From the repository's root, with `/`. */
  readonly path: string;
  readonly text: string;
  /** The text with comments and the insides of strings blanked, line for line; empty for what is not TypeScript. */
  readonly code: string;
  /** Undefined for what is not TypeScript. */
  readonly tree: ts.SourceFile | undefined;
}

export interface Violation {
  readonly path: string;
  readonly line: number;
  readonly rule: string;
  readonly advice: string;
}

const BINARY = /\.(png|jpe?g|gif|ico|woff2?|ttf|gz|zip)$/;

export function sourceOf(path: string, text: string): Source {
  if (!/\.(ts|mts|mjs)$/.test(path)) return { path, text, code: '', tree: undefined };
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
  return { path, text, tree, code: blanked(tree) };
}

/** Every file that git knows or would add; ignored ones are none of ours. */
export function readSources(root: string): Source[] {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const names = execFileSync('git', args, { cwd: root, encoding: 'utf8' }).split('\0');
  return [...new Set(names)]
    .filter((name) => name !== '' && !BINARY.test(name))
    .flatMap((name) => {
      const text = textOf(join(root, name));
      return text === undefined ? [] : sourceOf(name, text);
    });
}

/** Undefined for a file that is deleted and not committed yet. */
function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

const isText = (node: ts.Node): boolean =>
  ts.isStringLiteral(node) ||
  ts.isNoSubstitutionTemplateLiteral(node) ||
  ts.isTemplateHead(node) ||
  ts.isTemplateMiddleOrTemplateTail(node) ||
  ts.isRegularExpressionLiteral(node);

const COMMENT = /^#!.*|\/\/.*|\/\*[^]*?\*\//g;

const blank = (text: string): string => text.replace(/[^\n]/g, ' ');

function blanked(tree: ts.SourceFile): string {
  const { text } = tree;
  const parts: string[] = [];
  let done = 0;
  // Between the texts, what looks like the beginning of a comment is one.
  const keepTo = (end: number): void => {
    parts.push(text.slice(done, end).replace(COMMENT, blank));
    done = end;
  };
  const visit = (node: ts.Node): void => {
    if (!isText(node)) return ts.forEachChild(node, visit);
    keepTo(node.getStart(tree));
    parts.push(blank(text.slice(done, node.getEnd())));
    done = node.getEnd();
  };
  visit(tree);
  keepTo(text.length);
  return parts.join('');
}

export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

const MARKER = /\/\/ tidy-ok: (.{10,})/;

/** Lines that an exception covers: its own and the next one, with the reason it gives. */
export function exceptionsIn({ text }: Source): Map<number, string> {
  const covered = new Map<number, string>();
  for (const [index, line] of text.split('\n').entries()) {
    const reason = MARKER.exec(line)?.[1];
    if (reason === undefined) continue;
    covered.set(index + 1, reason);
    if (line.trimStart().startsWith('//')) covered.set(index + 2, reason);
  }
  return covered;
}
