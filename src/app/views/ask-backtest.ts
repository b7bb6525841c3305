import { PRESETS } from '../../backtest/study/presets.ts';
import type { Ports } from '../ports/ports.ts';
import { reasonOf } from '../reading/reading.ts';

/** What became of the request for a backtest. */
export type BacktestAnswer =
  | { readonly kind: 'asked'; readonly id: string; readonly preset: string }
  /** What was wrong and what is allowed. `presets`: what can be chosen instead. */
  | {
      readonly kind: 'refused';
      readonly lines: readonly string[];
      readonly presets: readonly string[];
    };

const presetLines = (): readonly string[] =>
  PRESETS.map(
    ({ name, symbols, days, equity }) =>
      `• ${name}: ${symbols.map((each) => each.replace('USDT', '')).join(' ')}, ${days} days, ${equity} USDT`,
  );

/** Makes the job. Never rejects. */
export async function askBacktest(
  ports: Pick<Ports, 'backtests' | 'nonce'>,
  words: string,
): Promise<BacktestAnswer> {
  const preset = PRESETS.find(({ name }) => name === words.toLowerCase());
  if (preset === undefined) {
    const asked = words === '' ? 'Which one?' : `There is no preset "${words.slice(0, 30)}".`;
    return {
      kind: 'refused',
      lines: [asked, ...presetLines(), 'Tap one, or write for example: /backtest quick'],
      presets: PRESETS.map(({ name }) => name),
    };
  }
  if (ports.backtests === undefined) {
    return { kind: 'refused', lines: ['Backtests cannot be run here.'], presets: [] };
  }
  const id = `${preset.name}-${ports.nonce()}`;
  try {
    await ports.backtests.ask({ id, preset: preset.name });
    return { kind: 'asked', id, preset: preset.name };
  } catch (error) {
    const lines = [`It could not be started: ${reasonOf(error)}.`];
    return { kind: 'refused', lines, presets: [] };
  }
}
