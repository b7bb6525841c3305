/** The report of a replay as Markdown: days, moments, and every basis point of the losses. */
import { parseLimitRequest } from '../../src/app/limits/limit-request.ts';
import { toNumber, type Ratio } from '../../src/domain/money/money.ts';
import { DAY, formatUtc } from '../../src/domain/time.ts';
import { DEFAULT_LIMITS } from '../../src/risk/terms/limits.ts';
import { explain, type ClosedTrade, type Explained } from './explain.ts';
import type { EquityPoint, Moment } from './watch.ts';

/** The day's loss at which entries stop, in basis points of its first equity, after what the owner changed at the start. */
export function dailyLimitOf(changed: readonly string[]): number {
  const requests = changed.map(parseLimitRequest).filter((each) => typeof each !== 'string');
  const to = requests.findLast(({ id }) => id === 'dailyLoss')?.to ?? DEFAULT_LIMITS.dailyLoss;
  return toNumber(to as Ratio) * 10_000;
}

export interface ReplayFacts {
  readonly command: string;
  readonly points: readonly EquityPoint[];
  readonly trades: readonly ClosedTrade[];
  readonly decisions: readonly Moment[];
  /** Why entries that the owner or the scan wanted were refused. */
  readonly refusals: readonly Moment[];
  readonly moments: readonly Moment[];
  readonly changedLimits: readonly string[];
  /** As `dailyLimitOf` gives it. */
  readonly dailyLimit: number;
}

/** One UTC day of the replay; losses in basis points of its first equity. */
interface ReplayDay {
  readonly start: number;
  readonly first: number;
  readonly worst: number;
  readonly worstAt: number;
  readonly end: number;
  readonly trades: readonly Explained[];
}

const bp = (value: number): string => (Math.abs(value) < 0.05 ? 0 : value).toFixed(1);
const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  row(head),
  row(head.map(() => '---')),
  ...rows.map(row),
];

function daysOf({ points, trades }: ReplayFacts): readonly ReplayDay[] {
  const starts = [...new Set(points.map(({ at }) => Math.floor(at / DAY) * DAY))];
  return starts.map((start) => {
    const within = points.filter(({ at }) => at >= start && at < start + DAY);
    const first = within[0]?.equity ?? Number.NaN;
    const fall = ({ equity }: EquityPoint): number => (1 - equity / first) * 10_000;
    const worst = within.reduce((most, each) => (fall(each) > fall(most) ? each : most));
    return {
      start,
      first,
      worst: fall(worst),
      worstAt: worst.at,
      end: fall(within.at(-1) ?? worst),
      trades: trades
        .filter(({ closedAt }) => closedAt >= start && closedAt < start + DAY)
        .map((each) => explain(each, first)),
    };
  });
}

const dayTable = (days: readonly ReplayDay[], limit: number): string[] =>
  table(
    [
      'day (UTC)',
      'first equity',
      'worst moment',
      'loss then',
      'loss at its end',
      'limit',
      'beyond it',
    ],
    days.map((day) => [
      formatUtc(day.start).slice(0, 10),
      day.first.toFixed(2),
      formatUtc(day.worstAt),
      `${bp(day.worst)} bp`,
      `${bp(day.end)} bp`,
      `${bp(limit)} bp`,
      `${bp(Math.max(0, day.worst - limit))} bp`,
    ]),
  );

/** What a position's loss is made of, column by column; the first is what the others explain. */
const PARTS: readonly (readonly [string, (each: Explained) => number])[] = [
  ['real loss', (each) => each.total],
  ['planned loss', (each) => each.planned],
  ['beyond the stop (gap)', (each) => each.beyondStop],
  ['slippage, real less assumed', (each) => each.entrySlippage - each.plannedSlippage],
  ['fees, real less assumed', (each) => each.fees - each.plannedFees],
  ['funding', (each) => each.funding],
];

function tradeTable({ trades }: ReplayDay): string[] {
  const rows = trades.map((each) => [
    `${each.trade.side} ${each.trade.symbol}`,
    formatUtc(each.trade.openedAt),
    formatUtc(each.trade.closedAt),
    ...PARTS.map(([, of]) => bp(of(each))),
  ]);
  const sums = PARTS.map(([, of]) => bp(trades.reduce((total, each) => total + of(each), 0)));
  const heads = ['position', 'opened', 'closed', ...PARTS.map(([name]) => name)];
  return table(heads, [...rows, ['all', '', '', ...sums]]);
}

/** How far the closed positions explain the day: what is left is open, or was open when the day began. */
function dayLine({ end, trades }: ReplayDay, limit: number): string {
  const real = trades.reduce((total, each) => total + each.total, 0);
  const over = end > limit ? `, ${bp(end - limit)} bp beyond its limit` : '';
  const [rest, open] = [end - real, 'positions that were open at its beginning or end'];
  return `The day ended ${bp(Math.abs(end))} bp ${end < 0 ? 'up' : 'down'}${over}. Its closed positions ${went(real)}; ${open} ${went(rest)}.`;
}

/** "lost 325.0 bp": never a loss below zero. */
const went = (loss: number): string => `${loss < 0 ? 'gained' : 'lost'} ${bp(Math.abs(loss))} bp`;

const list = (moments: readonly Moment[]): string[] =>
  moments.length === 0
    ? ['None.']
    : moments.map(({ at, text }) => `- ${formatUtc(at)}: ${text.trim()}`);

/** The whole report. Losses are positive, in basis points of the day's first equity. */
export function reportOf(facts: ReplayFacts): string {
  const days = daysOf(facts);
  const traded = days.filter((day) => day.trades.length > 0);
  return [
    '# Replay report',
    '',
    `\`${facts.command}\``,
    '',
    '![equity](equity.png)',
    '',
    '## Days',
    '',
    ...dayTable(days, facts.dailyLimit),
    '',
    ...(facts.changedLimits.length === 0
      ? []
      : [
          '## Limits that the owner changed',
          '',
          ...facts.changedLimits.map((each) => `- ${each}`),
          '',
        ]),
    '## Approved by the owner',
    '',
    ...list(facts.decisions),
    '',
    '## Refused by the risk gate',
    '',
    ...list(facts.refusals),
    '',
    '## Warnings, halts, ends of positions',
    '',
    ...list(facts.moments),
    '',
    '## Every basis point',
    '',
    'Losses are positive, in basis points of the first equity of the day in which the position closed. Real loss = planned loss +',
    'beyond the stop + slippage + fees + funding, to the last digit. The planned loss is what the gate had sized: to the stop, with fees of both legs and',
    'the assumed slippage. "Beyond the stop" is the fill against the stop price: a gap, the mark price against the last, or, negative, a',
    'target or another close before the stop.',
    ...traded.flatMap((day) => [
      '',
      `### ${formatUtc(day.start).slice(0, 10)}`,
      '',
      ...tradeTable(day),
      '',
      dayLine(day, facts.dailyLimit),
    ]),
    '',
  ].join('\n');
}

export const csvOf = (points: readonly EquityPoint[]): string =>
  ['time,equity', ...points.map(({ at, equity }) => `${at},${equity}`), ''].join('\n');
