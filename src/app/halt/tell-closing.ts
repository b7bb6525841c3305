import { rules } from '../../alerts/explain/with-basis.ts';
import { closingKey } from '../../alerts/rules/closing.ts';
import type { PanicStep } from '../../risk/stop/panic.ts';
import type { Ports } from '../ports/ports.ts';
import { messageOf } from '../reading/reading.ts';
import type { FlattenRequest } from '../ports/work.ts';

/** What these need of the world. */
type Doors = Pick<Ports, 'clock' | 'outbox' | 'log'>;

const ICON = { done: '✅', working: '⏳', 'needs you': '❗' } as const;
const TITLES = {
  looking: 'Looking twice for anything open…',
  nothing: 'Nothing is open',
  working: 'Closing everything…',
  done: 'Done: entry orders cancelled, positions closed',
  left: 'Not finished: something is left',
  unconfirmed: 'Not confirmed: something may still be open',
  ended: 'Stopped: I close nothing more',
} as const;

/** What the telling needs of a run of the verified close. */
export interface ToldRun {
  /** Whether it has found anything to cancel or close; a run that was cut off may have before. */
  found: boolean;
  /** What the exchange last said against it, by position or order. */
  readonly said: ReadonlyMap<string, string>;
  /** The text of the checklist as it was shown last. */
  shown: string;
}

interface Now {
  readonly run: ToldRun;
  readonly step: PanicStep;
}

/** The live checklist: one message, edited whenever the list changes. Telling never stops the closing. */
export const showClosing = (ports: Doors, request: FlattenRequest, now: Now): Promise<void> =>
  show(ports, request, { ...now, title: titleOf(now) });

/** The owner has taken back the word that it acted on. */
export async function tellEnded(
  ports: Pick<Ports, 'clock' | 'outbox'>,
  request: FlattenRequest,
  why: string,
): Promise<void> {
  const lines = [why, 'What is open stays open: /positions shows it.'];
  const text = { title: TITLES.ended, lines };
  await ports.outbox.raise(rules.closing(request.id, text, ports.clock.now()));
  await ports.outbox.revise(closingKey(request.id), text);
}

/** Loudly, in a message of its own: something is left, or it is not known whether. */
export async function tellLeft(ports: Doors, request: FlattenRequest, now: Now): Promise<void> {
  const title = now.step.unconfirmed ? TITLES.unconfirmed : TITLES.left;
  await show(ports, request, { ...now, title });
  const text = { title, lines: linesOf(now) };
  await ports.outbox.raise(rules.closingLeft(request.id, text, ports.clock.now()));
}

const titleOf = ({ run: { found }, step: { done } }: Now): string =>
  found ? TITLES[done ? 'done' : 'working'] : TITLES[done ? 'nothing' : 'looking'];

/** Nothing is left. */
const goodOf = ({ step }: Now): { good?: true } => (step.done ? { good: true } : {});

const linesOf = ({ run, step }: Now): string[] => [
  ...step.checklist.map((line) => `${ICON[line.state]} ${line.text}`),
  ...(step.done ? [] : [...run.said].map(([name, why]) => `The exchange says: ${name}: ${why}.`)),
];

const reasonLines = ({ because = [] }: FlattenRequest): readonly string[] =>
  because.length === 0 ? [] : ['By the policy you signed, without asking you:', ...because];

async function show(
  ports: Doors,
  request: FlattenRequest,
  now: Now & { readonly title: string },
): Promise<void> {
  const lines = [...reasonLines(request), ...linesOf(now)];
  const { run, title } = now;
  const shown = [title, ...lines].join('\n');
  if (shown === run.shown) return;
  try {
    const text = { title, lines };
    if (run.shown === '')
      await ports.outbox.raise(rules.closing(request.id, text, ports.clock.now()));
    await ports.outbox.revise(closingKey(request.id), { ...text, ...goodOf(now) });
    run.shown = shown;
  } catch (error) {
    ports.log.warn('the checklist could not be shown', { reason: messageOf(error) });
  }
}
