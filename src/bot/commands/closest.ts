import { editDistance } from '../../domain/words/edit-distance.ts';
import type { Command } from './command.ts';

/** Letters that may differ for a name to count as a slip of the finger; in a short one more would be another word. */
const slipsIn = (typed: string): number => (typed.length < 4 ? 1 : 2);

/** An act is pointed to from a word that is nearly its name: of so many letters at least. */
const SURE_LETTERS = 4;
const LONG_LETTERS = 5;

/** It only shows something. */
const shows = ({ when }: Command): boolean => when === 'any-time';

interface Near {
  readonly command: Command;
  readonly name: string;
  readonly far: number;
}

/**
 * The command that was probably meant, or undefined. What was typed for a look must not be pointed to an act: one that tightens or closes is
 * meant only where its name is nearer than that of any look, and no look begins so.
 */
export function closestCommand(typed: string, commands: readonly Command[]): string | undefined {
  const named = commands.find((each) => each.alsoMeant?.includes(typed) === true);
  if (named !== undefined) return named.name;
  const names = commands.flatMap((command) =>
    [command.name, ...(command.aliases ?? [])].map((name) => ({
      command,
      name,
      far: editDistance(typed, name),
    })),
  );
  const near = names.toSorted((a, b) => a.far - b.far);
  const looks = near.filter(({ command }) => shows(command));
  const look =
    looks.find(({ far }) => far <= 1) ??
    names.find(({ command, name }) => shows(command) && name.startsWith(typed)) ??
    looks.find(({ far }) => far <= slipsIn(typed));
  const act = near.find(({ command }) => !shows(command));
  const isAct =
    act !== undefined && isMeant(act, typed) && (look === undefined || look.far > act.far);
  return isAct && look?.name.startsWith(typed) !== true ? act.command.name : look?.command.name;
}

/** Whether that act is so near that it is no other word: one letter off, two in a long name, or its beginning. */
function isMeant({ name, far }: Near, typed: string): boolean {
  if (typed.length < SURE_LETTERS)
    return typed.length === SURE_LETTERS - 1 && name.startsWith(typed);
  if (name.startsWith(typed) || (far <= 1 && name.length >= SURE_LETTERS)) return true;
  return far <= 2 && name[0] === typed[0] && (name.length >= LONG_LETTERS || isTurned(name, typed));
}

/** The same letters in another order. */
const isTurned = (one: string, other: string): boolean =>
  Array.from(one).toSorted().join('') === Array.from(other).toSorted().join('');
