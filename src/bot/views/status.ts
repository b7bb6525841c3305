import { usdText } from '../../domain/money/money.ts';
import type { FormattedString } from '@grammyjs/parse-mode';
import type { StatusView } from '../../app/views/read-status.ts';
import { equityOf } from '../../domain/account.ts';
import { formatDuration, formatUtc } from '../../domain/time.ts';
import { bold, linesOf } from './fit.ts';
import { feedLines } from './feeds.ts';
import { footer } from './footer.ts';
import { modeLines } from './mode.ts';
import { signedUsd } from './money.ts';
import { openWithdrawalLine } from './withdrawal.ts';
import { countText } from '../../domain/words/words.ts';

/** Short enough that bar and text share one line of a phone. */
const BAR = 5;

/** A bar of five blocks; from the limit on it is full. */
export function limitBar(usedPercent: number | undefined): string {
  if (usedPercent === undefined) return '?'.repeat(BAR);
  const filled = Math.max(0, Math.min(BAR, Math.floor((usedPercent * BAR) / 100)));
  return '▓'.repeat(filled) + '░'.repeat(BAR - filled);
}

/** One line for each limit: "▓░░░░ daily loss 0.9 % of 3 %", with a mark where it is used up. */
export const limitLines = (limits: StatusView['limits']): readonly string[] =>
  limits.map((each) => {
    const mark = (each.usedPercent ?? 0) >= 100 ? ' ❗' : '';
    return `${limitBar(each.usedPercent)} ${each.label} ${each.text}${mark}`;
  });

/** /status: whether Vigil trades, how close the limits are, and how well it sees. */
export function statusView(view: StatusView, policy: string): FormattedString {
  return linesOf([
    bold('Status'),
    ...modeLines(view.mode),
    ...view.questions.map(openWithdrawalLine),
    accountLine(view),
    bold('Limits'),
    ...(view.limits.length === 0
      ? ['Unavailable: the account or its risk figures were not read yet.']
      : limitLines(view.limits)),
    bold('Signals'),
    scanLine(view),
    pendingLine(view),
    bold('Health'),
    ...feedLines(view.feeds, view),
    policy,
    footer(view, view.account),
  ]);
}

function accountLine({ account }: StatusView): string {
  if (account.kind === 'unavailable') return 'Equity: unavailable';
  const { account: figures, positions } = account.value;
  return `Equity: ${usdText(equityOf(figures))}, open P&L ${signedUsd(figures.unrealisedPnl)}, ${positions.length} open`;
}

function scanLine({ scan, now }: StatusView): string {
  if (scan === undefined) return 'Last scan: none yet';
  if (typeof scan === 'string') return `Last scan: unavailable (${scan})`;
  return `Last scan: ${formatDuration(now - scan.at)} ago, ${scan.scored.length} of ${countText(scan.universe, 'symbol')}, ${scan.signals} found`;
}

function pendingLine({ pending }: StatusView): string {
  if (typeof pending === 'string') return `Waiting for your approval: unavailable (${pending})`;
  if (pending.length === 0) return 'Waiting for your approval: none';
  const names = pending.map(
    (each) => `${each.signal.symbol} ${each.signal.side} (until ${formatUtc(each.deadline)})`,
  );
  return `Waiting for your approval: ${names.join(', ')}`;
}
