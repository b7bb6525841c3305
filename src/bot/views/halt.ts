import type { FormattedString } from '@grammyjs/parse-mode';
import { numberText } from '../../domain/words/words.ts';
import { signedUsd } from '../../domain/money/money.ts';
import type { Position } from '../../domain/position.ts';
import type { Proposal } from '../../domain/proposal.ts';
import type { ModeState } from '../../domain/trading-mode.ts';
import { bold, linesOf } from './fit.ts';
import { footer, type Scene } from './footer.ts';
import { modeLines } from './mode.ts';

/** What `previewFlatten` found. */
export interface FlattenPreview {
  readonly entryOrders: number;
  readonly positions: readonly string[];
  /** No position and no entry order is listed, and no money is locked. */
  readonly nothing: boolean;
}

/** What /halt knows once entries are held. */
export interface Held {
  readonly state: ModeState;
  /** A text: why it cannot be read. */
  readonly inFlight: readonly Proposal[] | string;
  readonly ignoredWords: string;
  /** The mere word that was taken for /halt. */
  readonly said: string | undefined;
}

/** The first answer to /halt: entries are already held. */
export function heldView(
  { state, inFlight, ignoredWords, said }: Held,
  scene: Scene,
): FormattedString {
  return linesOf([
    bold('New trades are paused as of now.'),
    ...takenLines(said),
    ...(ignoredWords === ''
      ? []
      : [`/halt takes nothing after it, so I ignored "${ignoredWords}".`]),
    ...modeLines(state),
    ...inFlightLines(inFlight),
    'Stops and targets stay on the exchange. How far should I go?',
    footer(scene),
  ]);
}

const takenLines = (said: string | undefined): readonly string[] =>
  said === undefined ? [] : [`You wrote "${said}", which is /halt.`];

/** The answer while the store does not take a halt that holds already. */
export const notStoredView = (reason: string, said?: string): FormattedString =>
  linesOf([
    bold("Trading is halted. It is not stored yet; I'll keep trying."),
    ...takenLines(said),
    `The store did not save it: ${reason}. Until it is saved no order opens anything, and I tell you when it is.`,
    'What was already sent to the exchange cannot be recalled. Stops and targets stay there. How far should I go?',
  ]);

/** A halt holds what is not sent yet and cannot call back what may be at the exchange already. */
function inFlightLines(inFlight: Held['inFlight']): readonly string[] {
  if (typeof inFlight === 'string') {
    return [`Whether an entry order is on its way cannot be read right now (${inFlight}).`];
  }
  return inFlight.map(({ status, plan, signal: { side, symbol } }) =>
    status === 'approved'
      ? `Approved, but not sent: ${symbol} ${side}. It will not be opened.`
      : `⚠️ On its way: ${symbol} ${side}, ${numberText(plan.qty)}. It was sent before the halt, which cannot recall it. I keep looking it up and tell you what became of it; if it opens, it opens with its stop. "Also close all positions" closes it too.`,
  );
}

/** Exactly what a confirmation would touch; a text stands for what could not be read. Closing is never refused for that. */
export function flattenView(
  preview: FlattenPreview | string,
  closePositions: boolean,
  scene: Scene,
): FormattedString {
  return linesOf([
    bold(closePositions ? 'Close all positions?' : 'Cancel all entry orders?'),
    ...(typeof preview === 'string'
      ? unreadableLines(preview, closePositions)
      : touchedLines(preview, closePositions)),
    'New trades are paused once you confirm.',
    footer(scene),
  ]);
}

function touchedLines(preview: FlattenPreview, closePositions: boolean): readonly string[] {
  const { entryOrders, positions } = preview;
  const orders = `Entry orders to cancel: ${entryOrders}`;
  if (!closePositions) return [orders, `Positions that stay as they are: ${positions.length}`];
  if (positions.length === 0) {
    return preview.nothing
      ? [
          'Nothing is open: no position, no entry order, no margin in use. If you confirm, I look twice more and close what I find.',
        ]
      : [orders, 'Positions to close: none listed'];
  }
  return [
    orders,
    'Positions to close at the market price:',
    ...positions.map((each) => `• ${each}`),
  ];
}

const unreadableLines = (reason: string, closePositions: boolean): readonly string[] => [
  `I cannot read what is open right now (${reason}).`,
  closePositions
    ? 'If you confirm, I cancel every entry order and close every position that I find as soon as the exchange answers.'
    : 'If you confirm, I cancel every entry order that I find as soon as the exchange answers.',
];

/** What closing one position does; a text stands for what could not be read. */
export const closeOneView = (position: Position | string, scene: Scene): FormattedString =>
  linesOf([
    bold(
      typeof position === 'string'
        ? 'Close this position?'
        : `Close ${position.symbol} ${position.side}?`,
    ),
    typeof position === 'string'
      ? `I cannot read it right now (${position}). If you confirm, I close it as soon as the exchange answers.`
      : `${numberText(position.qty)} at the market price; its open result is ${signedUsd(position.unrealisedPnl)} now.`,
    'Other positions stay. Entry orders are cancelled and new trades are paused once you confirm; /resume opens the way again.',
    footer(scene),
  ]);
