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

function blanked(tree: ts.SourceFile): string {
  const { text } = tree;
  const kept = Array.from(text, () => ' ');
  const keep = (from: number, to: number): void => {
    for (let at = from; at < to; at += 1) kept[at] = text.charAt(at);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isJSDoc(node)) return;
    const children = node.getChildren(tree);
    if (children.length > 0) children.forEach(visit);
    else if (!isText(node)) keep(node.getStart(tree), node.getEnd());
  };
  kept.length = text.length;
  kept.fill(' ');
  visit(tree);
  for (let at = 0; at < text.length; at += 1) if (text.charAt(at) === '\n') kept[at] = '\n';
  return kept.join('');
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
