import { editDistance } from '../../domain/words/edit-distance.ts';
import type { Command } from './command.ts';

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
