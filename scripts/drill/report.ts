import type { Said } from './chatter.ts';
import type { DrillRig } from './rig.ts';

/** What came of a drill. */
export interface DrillReport {
  /** First lines of what was said directly, not in answer. */
  readonly raised: readonly string[];
  /** Seconds until the owner knew; undefined: never. */
  readonly knewS: number | undefined;
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  readonly worked: readonly string[];
  /** Lines of log a second while it hurt, of all processes. */
  readonly logged: number;
  /** What is not as it must be; empty when all is well. */
  readonly broken: readonly string[];
}

/** Lines of log, of all processes. */
export const linesOf = ({ vigils }: Pick<DrillRig, 'vigils'>): number =>
  vigils.reduce((sum, each) => sum + each.program().output().split('\n').length, 0);

/** Alert numbers that never came. */
export function gapsIn(numbers: ReadonlySet<number>): readonly string[] {
  const gaps: string[] = [];
  for (let each = Math.min(...numbers); each < Math.max(...numbers); each += 1) {
    if (!numbers.has(each)) gaps.push(`alert ${each}`);
  }
  return gaps;
}

/** First lines of what came twice and was not marked as a repeat. */
export function doubledIn(said: readonly Said[]): readonly string[] {
  const seen = new Set<string>();
  const doubled: string[] = [];
  for (const { text } of said) {
    if (text.includes('(may be a repeat)')) continue;
    const known = text.replace(/^#\d+ · .*$/m, '').trim();
    if (seen.has(known)) doubled.push(known.split('\n')[0] ?? known);
    seen.add(known);
  }
  return doubled;
}
