import { toNumber, type Ratio, type Usd } from '../../domain/money/money.ts';
import { baseOptions } from './axes/base-options.ts';
import type { ChartConfig } from '../../app/ports/chart-renderer.ts';
import { ChartDataError, requireFinite, type Picture } from './chart.ts';
import { formatMoney } from './axes/number-format.ts';
import { caption, plainText, wrapText } from './plain-text.ts';
import { ROW_WIDTH, rowAxis, rowsHeight, signedAxis } from './axes/row-axes.ts';
import { themeOf, type ThemeName } from './theme.ts';

/** What each scenario would do to equity, in `currency`, from now. */
export interface StressChartData {
  readonly rows: readonly StressChartRow[];
  readonly currency: string;
  readonly title?: string;
}

export interface StressChartRow {
  readonly label: string;
  /** Below 0 is a loss. */
  readonly change: number;
  /** `change` as a share of equity, 0.05 is 5 %; undefined when equity is not above 0. */
  readonly share: number | undefined;
}

/** The picture of what each scenario would change of equity; at least one row. */
export function stressPicture(
  results: readonly {
    readonly label: string;
    readonly change: Usd;
    readonly fraction: Ratio | undefined;
  }[],
  theme: ThemeName,
): Picture {
  const rows = results.map(({ label, change, fraction }) => ({
    label,
    change: toNumber(change),
    share: fraction === undefined ? undefined : toNumber(fraction),
  }));
  const data = { rows, currency: 'USDT' };
  return { config: stressChart(data, theme), caption: describeStress(data) };
}

const MOST_ROWS = 12;

/**
 * One bar a scenario: losses to the left of zero in orange, gains to the right in teal, with amount and share of equity beside it.
 * Throws `ChartDataError` without rows, over 12, or with a figure that is not a number.
 */
export function stressChart(data: StressChartData, themeName: ThemeName = 'light'): ChartConfig {
  const theme = themeOf(themeName);
  const rows = checkedRows(data);
  const labels = rows.map((row) => [
    ...wrapText(row.label, ROW_WIDTH, 2),
    figureLines(row).join(', '),
  ]);
  const changes = rows.map((row) => row.change);
  return {
    type: 'bar',
    data: {
      labels: rows.map((row) => plainText(row.label, 40)),
      datasets: [
        {
          type: 'bar',
          label: 'Change of equity',
          data: changes,
          backgroundColor: changes.map((change) => (change < 0 ? theme.down : theme.up)),
          barPercentage: 0.62,
          maxBarThickness: 40,
          minBarLength: 3,
          grouped: false,
        },
      ],
    },
    options: baseOptions({
      title: data.title ?? 'What if',
      subtitle: `Change of equity from now, in ${data.currency}`,
      theme,
      indexAxis: 'y',
      height: rowsHeight(labels),
      scales: {
        x: signedAxis(changes, theme),
        y: rowAxis({ labels, colors: rows.map(() => theme.text) }),
      },
    }),
  };
}

/** Key figures of the stress chart in words; works without rows too. */
export function describeStress(data: StressChartData): string {
  const title = data.title ?? 'What if';
  if (data.rows.length === 0) return caption([`${title}: nothing is open.`]);
  const [worst] = data.rows.toSorted((a, b) => a.change - b.change);
  const text = (row: StressChartRow): string =>
    `${row.label} ${figureLines(row).join(', ')}`.replace(', ', ` ${data.currency}, `);
  return caption([
    `${title}: the worst is ${worst === undefined ? 'unknown' : text(worst)}.`,
    `${data.rows.map(text).join('; ')}.`,
  ]);
}

function figureLines({ change, share }: StressChartRow): string[] {
  const plus = change > 0 ? '+' : '';
  const amount = `${plus}${formatMoney(change)}`;
  return share === undefined ? [amount] : [amount, `${plus}${(share * 100).toFixed(2)} %`];
}

function checkedRows({ rows }: StressChartData): readonly StressChartRow[] {
  if (rows.length === 0) {
    throw new ChartDataError('The stress chart cannot be drawn: nothing is open.');
  }
  if (rows.length > MOST_ROWS) {
    throw new ChartDataError(
      `The stress chart cannot be drawn: ${rows.length} rows, at most ${MOST_ROWS} fit a picture.`,
    );
  }
  for (const { label, change, share } of rows) {
    requireFinite(change, `change of "${label}"`);
    if (share !== undefined) requireFinite(share, `share of "${label}"`);
  }
  return rows;
}
