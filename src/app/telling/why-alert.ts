import { decideAgain, type DecidedAgain } from '../../alerts/explain/decide-again.ts';
import { figuresOf } from '../../alerts/explain/figures.ts';
import { stakesOf, type Alert, type Stakes } from '../../domain/alert.ts';

/** Why an alert was told, in words and figures. */
export interface Why {
  readonly alert: Alert;
  /** Plain lines: when its rule speaks, by which figures, how loud and why, and what deciding again gives. */
  readonly lines: readonly string[];
  /** Absent: it keeps no figures. */
  readonly verdict?: DecidedAgain['verdict'];
}

const LOUD: Readonly<Record<Stakes, string>> = {
  danger: 'It rings at any hour: more than planned can be lost.',
  cost: 'It rings at any hour: it costs money, as planned.',
  foreign: 'It rings at any hour unless you made it silent: somebody else did it.',
  asked: 'It rings, by night too: you asked to be told. /alerts makes your own alerts silent.',
  look: 'It rings but in your quiet hours: it needs a look.',
  good: 'It comes without a sound: it ended well.',
  idea: 'It comes without a sound: it is an idea, nothing is at stake.',
  news: 'It comes without a sound: it is news.',
};

const AGAIN: Readonly<Record<DecidedAgain['verdict'], string>> = {
  same: 'Decided again just now from these figures: the same.',
  reworded:
    'Decided again just now from these figures: the same happening, as loud; its text was changed since.',
  differs: 'Decided again just now from these figures: NOT the same. Please report this.',
};

/** Explains an alert by the figures that it keeps, and decides it again by the same rule. Pure. */
export function whyAlert(alert: Alert): Why {
  const loud = LOUD[stakesOf(alert)];
  const again = decideAgain(alert);
  if (again === undefined) return { alert, lines: [unexplained(alert), loud] };
  const figures = figuresOf(alert.basis?.inputs ?? []);
  return {
    alert,
    verdict: again.verdict,
    lines: [
      `Told when ${again.when}.`,
      ...(figures.length === 0
        ? ['It was decided without figures.']
        : ['Decided by:', ...figures.map((each) => `• ${each}`)]),
      loud,
      AGAIN[again.verdict],
    ],
  };
}

const unexplained = ({ state, title }: Alert): string =>
  state !== undefined || title.startsWith('Over: ')
    ? 'It tells again of something that lasted: ask for the number that it names.'
    : 'It keeps no figures: it tells what was done, or was told before alerts kept them.';
