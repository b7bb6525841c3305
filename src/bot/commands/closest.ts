import { editDistance } from '../../domain/words/edit-distance.ts';
import type { Command } from './command.ts';

/** Letters that may differ for a name to count as a slip of the finger. */
const SLIPS = 2;

/** It only shows something. */
const shows = ({ when }: Command): boolean => when === 'any-time';

/**
 * The command that was probably meant, or undefined. Where a name that only shows something is as near as one that tightens or closes, it is
 * the one: what was typed for a look must not be pointed to an act.
 */
export function closestCommand(typed: string, commands: readonly Command[]): string | undefined {
  const named = commands.find((each) => each.alsoMeant?.includes(typed) === true);
  if (named !== undefined) return named.name;
  const ranked = commands
    .map((command) => ({
      command,
      far: Math.min(
        ...[command.name, ...(command.aliases ?? [])].map((each) => editDistance(typed, each)),
      ),
    }))
    .toSorted((a, b) => a.far - b.far || Number(shows(b.command)) - Number(shows(a.command)));
  const [nearest] = ranked;
  if (nearest !== undefined && nearest.far <= 1) return nearest.command.name;
  const begun = commands.filter(({ name }) => typed.length >= 3 && name.startsWith(typed));
  const first = begun.find(shows) ?? begun[0];
  if (first !== undefined) return first.name;
  return nearest !== undefined && nearest.far <= SLIPS ? nearest.command.name : undefined;
}
