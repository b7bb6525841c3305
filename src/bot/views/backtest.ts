import type { FormattedString } from '@grammyjs/parse-mode';
import type { BacktestState } from '../../app/ports/backtests.ts';
import { bold, linesOf } from './fit.ts';
import { footer, type Scene } from './footer.ts';

/** The one message of a /backtest, as it stands now. `undefined`: its job has not begun. */
export function backtestView(
  preset: string,
  state: BacktestState | undefined,
  scene: Scene,
): FormattedString {
  return linesOf([...body(preset, state), footer(scene)]);
}

function body(
  preset: string,
  state: BacktestState | undefined,
): readonly (string | FormattedString)[] {
  const head = bold(`Backtest ${preset}`);
  if (state === undefined) return [head, 'Waiting for its turn…'];
  if (state.kind === 'running') return [head, `${state.text}…`];
  if (state.kind === 'failed') return [head, `It did not run: ${state.reason}`];
  return [
    bold(state.title),
    ...state.lines,
    'Past results are no guarantee of future ones. /evidence has the long record.',
  ];
}
