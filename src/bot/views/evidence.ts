import type { FormattedString } from '@grammyjs/parse-mode';
import type {
  EvidenceSource,
  EvidenceView,
  StrategyEvidence,
} from '../../app/views/read-evidence.ts';
import { countText, decimalText, shareText } from '../../domain/words/words.ts';
import { bold, linesOf } from './fit.ts';
import { footer, type Scene } from './footer.ts';

const FOLLOWED: Record<Scene['venueMode'], string> = {
  demo: 'Signals of this demo',
  paper: 'Signals on paper',
  watch: 'Live signals',
  live: 'Live signals',
};
/** Fewer judge nothing. */
const FEW = 30;

/** Pages of /evidence: all strategies in short, then each of them, then what was not taken. */
export const evidencePages = ({ strategies }: EvidenceView): number => strategies.length + 2;

/** /evidence: what the signals of each strategy did, and what the decisions not to take them saved or cost; one page of it. */
export function evidenceView(evidence: EvidenceView, page: number, scene: Scene): FormattedString {
  const { strategies } = evidence;
  const one = page === 0 ? undefined : strategies[page - 1];
  const title = bold(`Evidence, page ${page + 1} of ${evidencePages(evidence)}`);
  if (one !== undefined) return linesOf([title, ...strategyLines(one, scene), footer(scene)]);
  const lines = page === 0 ? inShort(evidence, scene) : notTaken(evidence);
  return linesOf([title, ...lines, footer(scene)]);
}

function inShort(
  { strategies, breakEven }: EvidenceView,
  scene: Scene,
): readonly (string | FormattedString)[] {
  return [
    `At a reward of twice the risk ${shareText(breakEven)} winners break even.`,
    ...strategies.flatMap(({ strategy, finding, brief, reached }) => [
      bold(strategy),
      finding,
      `• history: ${brief}`,
      `• ${FOLLOWED[scene.venueMode].toLowerCase()}: ${liveText(reached)}`,
    ]),
  ];
}

function liveText(reached: StrategyEvidence['reached']): string {
  if (reached === undefined) return 'unavailable';
  const { targets, ended } = reached;
  return ended === 0 ? 'none has ended yet' : `${targets} of ${ended} reached it`;
}

function notTaken(evidence: EvidenceView): readonly (string | FormattedString)[] {
  return [
    countLine(evidence),
    bold('What the signals you did not take saved or cost'),
    'One R is the loss at the stop.',
    ...(evidence.counts === undefined ? [] : vetoLines(evidence)),
  ];
}

function strategyLines(
  { strategy, finding, measured, live }: StrategyEvidence,
  scene: Scene,
): readonly (string | FormattedString)[] {
  return [
    bold(`${strategy}: ${finding}`),
    ...measured.flatMap(({ name, summary, ...source }) => [
      ...summary,
      ...sideLines(source).map((line) => `${line} (${name})`),
    ]),
    typeof live === 'string'
      ? `${FOLLOWED[scene.venueMode]}: unavailable, ${live}`
      : `${FOLLOWED[scene.venueMode]}, whatever became of them:`,
    ...(typeof live === 'string' ? [] : sideLines(live)),
  ];
}

const sideLines = ({ sides }: Pick<EvidenceSource, 'sides'>): readonly string[] =>
  sides.length === 0
    ? ['• none has ended yet']
    : sides.map(({ text, contradicts }) => `• ${text}${contradicts ? ' ⚠️' : ''}`);

function countLine({ counts }: EvidenceView): string {
  return counts === undefined
    ? 'How many are under way: unavailable'
    : `${counts.open} under way, ${counts.ended} ended`;
}

function vetoLines({ vetoes }: EvidenceView): readonly string[] {
  const seen = vetoes.filter(({ n }) => n > 0);
  if (seen.length === 0) return ['No signal that was not taken has ended yet.'];
  return seen.map(({ fate, n, totalR, sized, totalUsdt }) => {
    const money = `${decimalText(Math.abs(totalUsdt), 2)} USDT`;
    const sizes = sized === n ? 'at the size they offered' : `of the ${sized} that had a size`;
    const sums = [
      `${verb(totalR)} ${decimalText(Math.abs(totalR), 1)} R`,
      ...(sized === 0 ? [] : [`${verb(totalUsdt)} ${money} ${sizes}`]),
    ];
    return `• ${fate}: ${countText(n, 'signal')}, ${sums.join(', ')}${n < FEW ? '; too few to judge' : ''}`;
  });
}

/** A result that was not taken: a loss was saved, a gain was missed. */
const verb = (result: number): string => (result < 0 ? 'saved' : 'cost');
