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

/** Exactly what a confirmation would touch. */
export function flattenView(
  preview: FlattenPreview,
  closePositions: boolean,
  scene: Scene,
): FormattedString {
  const { entryOrders, positions } = preview;
  return linesOf([
    bold(closePositions ? 'Close all positions?' : 'Cancel all entry orders?'),
    `Entry orders to cancel: ${entryOrders}`,
    ...(closePositions
      ? positions.length === 0
        ? ['Positions to close: none']
        : ['Positions to close at the market price:', ...positions.map((each) => `• ${each}`)]
      : [`Positions that stay as they are: ${positions.length}`]),
    'New entries are held in any case.',
    footer(scene),
  ]);
}
