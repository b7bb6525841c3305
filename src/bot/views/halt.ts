import type { FormattedString } from '@grammyjs/parse-mode';
import type { ModeState } from '../../domain/trading-mode.ts';
import { bold, linesOf } from './fit.ts';
import { footer, type Scene } from './footer.ts';
import { modeLines } from './mode.ts';

/** What `previewFlatten` found. */
export interface FlattenPreview {
  readonly entryOrders: number;
  readonly positions: readonly string[];
}

/** The first answer to /halt: entries are already held. */
export function heldView(state: ModeState, ignoredWords: string, scene: Scene): FormattedString {
  return linesOf([
    bold('New entries are held, as of now.'),
    ...(ignoredWords === ''
      ? []
      : [`/halt takes no words after it, so I ignored "${ignoredWords}".`]),
    ...modeLines(state),
    'Stops and targets stay on the exchange. How far shall I go?',
    footer(scene),
  ]);
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
    'New entries are held, from Confirm on at the latest.',
    footer(scene),
  ]);
}

function touchedLines(preview: FlattenPreview, closePositions: boolean): readonly string[] {
  const { entryOrders, positions } = preview;
  const orders = `Entry orders to cancel: ${entryOrders}`;
  if (!closePositions) return [orders, `Positions that stay as they are: ${positions.length}`];
  if (positions.length === 0) return [orders, 'Positions to close: none'];
  return [
    orders,
    'Positions to close at the market price:',
    ...positions.map((each) => `• ${each}`),
  ];
}

const unreadableLines = (reason: string, closePositions: boolean): readonly string[] => [
  `I cannot read what is open right now (${reason}).`,
  closePositions
    ? 'On Confirm I cancel every entry order and close every position that I find as soon as the exchange answers.'
    : 'On Confirm I cancel every entry order that I find as soon as the exchange answers.',
];
