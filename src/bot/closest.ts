import type { Command } from './commands/command.ts';

/** Letters that may differ for a name to count as a slip of the finger. */
const SLIPS = 2;

/** The command that was probably meant, or undefined. */
export function closestCommand(typed: string, commands: readonly Command[]): string | undefined {
  const named = commands.find((each) => each.alsoMeant?.includes(typed) === true);
  if (named !== undefined) return named.name;
  const begun = commands.find(({ name }) => typed.length >= 3 && name.startsWith(typed));
  if (begun !== undefined) return begun.name;
  const ranked = commands
    .map(({ name }) => ({ name, far: editDistance(typed, name) }))
    .filter(({ far }) => far <= SLIPS)
    .toSorted((a, b) => a.far - b.far);
  return ranked[0]?.name;
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? a.length;
}
