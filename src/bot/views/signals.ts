import type { FormattedString } from '@grammyjs/parse-mode';
import type { ScanEntry, ScanReport } from '../../domain/scan-report.ts';
import type { Proposal } from '../../domain/proposal.ts';
import { formatDuration, formatUtc } from '../../domain/time.ts';
import { bold, linesOf } from './fit.ts';
import { footer, type Scene } from './footer.ts';

/** What /signals knows; a text stands for a part that could not be read. */
export interface SignalsInput {
  readonly scan: ScanReport | undefined | string;
  readonly pending: readonly Proposal[] | string;
}

const SHOWN = 8;

/** /signals: what the last scan found, what waits, and why the rest was refused. */
export function signalsView(input: SignalsInput, scene: Scene): FormattedString {
  return linesOf([
    bold('Signals'),
    ...pendingLines(input.pending, scene),
    ...scanLines(input.scan, scene),
    footer(scene),
  ]);
}

function pendingLines(pending: SignalsInput['pending'], scene: Scene): readonly string[] {
  if (typeof pending === 'string') return [`Waiting for your approval: unavailable (${pending})`];
  if (pending.length === 0) return ['Waiting for your approval: none'];
  return [
    'Waiting for your approval (buttons are under the signal above):',
    ...pending.map(
      ({ signal, deadline }) =>
        `• ${signal.side} ${signal.symbol}, score ${signal.score} of 100, ${formatDuration(deadline - scene.now)} left`,
    ),
  ];
}

function scanLines(
  scan: SignalsInput['scan'],
  scene: Scene,
): readonly (string | FormattedString)[] {
  if (typeof scan === 'string') return [`Last scan: unavailable (${scan})`];
  if (scan === undefined)
    return ['Last scan: none yet; the first one comes with the next closed candle.'];
  const head = [
    `Last scan: ${formatDuration(scene.now - scan.at)} ago, on the candle that closed ${formatUtc(scan.candleClosedAt)}`,
    `Looked at ${scan.evaluated} of ${scan.universe} symbols${
      scan.notReady === 0 ? '' : `; ${scan.notReady} have too little history yet`
    }`,
  ];
  if (scan.found.length === 0) {
    return [...head, 'Nothing passed. That is a good answer: no trade is better than a weak one.'];
  }
  const rest = scan.signals - Math.min(scan.found.length, SHOWN);
  return [
    ...head,
    ...scan.found.slice(0, SHOWN).map(entryLine),
    ...(rest > 0 ? [`and ${rest} more`] : []),
  ];
}

function entryLine({ signal, fate, refusals }: ScanEntry): string {
  const reasons = refusals.map(({ sentence }) => sentence);
  const why = reasons.length === 0 ? '' : `: ${reasons.join(' ')}`;
  return `• ${signal.side} ${signal.symbol}, score ${signal.score}, ${fate}${why}`;
}
