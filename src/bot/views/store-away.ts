import type { FormattedString } from '@grammyjs/parse-mode';
import { bold, linesOf, plain } from './fit.ts';

/** How far closing or cancelling had come: only about to be asked about, or confirmed by the owner. */
export type Undone = 'asking' | 'confirmed';

interface Away {
  /** Whether the halt is stored; it holds in either case. */
  readonly stored: boolean;
  /** Why the rest could not be done. */
  readonly why: string;
}

const holdsLine = (stored: boolean): string =>
  stored
    ? 'No order opens anything until you send /resume.'
    : "No order opens anything. The halt is not stored yet; I'll keep trying and tell you when it is.";

const UNDONE: Record<Undone, { readonly title: string; readonly line: (why: string) => string }> = {
  asking: {
    title: 'Trading is halted. Nothing was closed or cancelled.',
    line: (why) => `Closing goes through the store, which does not work now (${why}).`,
  },
  confirmed: {
    title: 'Trading is halted. Closing could NOT be asked for.',
    line: (why) =>
      `The store did not answer (${why}). If it saved the request all the same, closing starts when it answers, and a checklist shows it.`,
  },
};

/** /panic, or a button under /halt that closes or cancels, while the store is away. */
export const notDoneView = ({
  stored,
  why,
  undone,
}: Away & { readonly undone: Undone }): FormattedString =>
  linesOf([
    bold(UNDONE[undone].title),
    holdsLine(stored),
    UNDONE[undone].line(why),
    'Stops and targets stay on the exchange. If something must be closed at once, close it at BitUnix; otherwise send /panic again in a moment.',
  ]);

/** "Not me" while the store is away. */
export const notMeView = ({ stored, why }: Away): FormattedString =>
  linesOf([
    bold('Trading is halted.'),
    holdsLine(stored),
    `Your answer could not be written down (${why}): the question may stay open, and it counts as a loss.`,
    'If somebody else has access: change your password at BitUnix and delete the API key now.',
  ]);

/** /policy off while the store is away. */
export const notRevokedView = (why: string): FormattedString =>
  plain(
    `NOT revoked: the store did not save it (${why}). Send /policy off again until I answer "Revoked".`,
  );

/** Whatever needs the store while it is away. */
export const withoutMemoryView = (why: string): FormattedString =>
  linesOf([
    bold('I cannot do this now: my memory (Redis) is away.'),
    `What I see of it: ${why}. Until it is back, nothing is opened, approved or loosened, so this message changed nothing.`,
    '/halt, /panic, /status, /positions and /balance work. I tell you when it is back.',
  ]);
