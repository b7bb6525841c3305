import type { WeeklyResults } from '../../app/views/read-evidence.ts';
import { DAY, formatUtc } from '../../domain/time.ts';
import { countText, signedText } from '../../domain/words/words.ts';
import { baseOptions, timeAxes } from './axes/base-options.ts';
import type { ChartConfig } from '../../app/ports/chart-renderer.ts';
import { ChartDataError, requireFinite, type Picture } from './chart.ts';
import { formatNumber } from './axes/number-format.ts';
import { timeLabels } from './axes/time-labels.ts';
import { paddedRange, valueAxis } from './axes/value-axis.ts';
import { caption } from './plain-text.ts';
import { themeOf, type ThemeName } from './theme.ts';

const WEEK = 7 * DAY;
const MOST_WEEKS = 600;

/** The picture of what each week brought, the live ones after the recorded ones; at least one week. */
export function weeksPicture(
  strategy: string,
  sources: readonly WeeklyResults[],
  theme: ThemeName,
): Picture {
  return {
    config: weeksChart(strategy, sources, theme),
    caption: describeWeeks(strategy, sources),
  };
}

interface Bar {
  readonly day: string;
  /** Null: no signal. */
  readonly sum: number | null;
  readonly live: boolean;
}

const barsOf = (sources: readonly WeeklyResults[]): readonly Bar[] =>
  sources.flatMap(({ source, from, sums }) =>
    sums.map((sum, week) => ({
      day: formatUtc(from + week * WEEK).slice(0, 10),
      sum,
      live: source === 'live',
    })),
  );

/**
 * A bar a week: gains above the break-even line in teal, losses below it in orange, live weeks in the line's own colour. Throws
 * `ChartDataError` without a week, over 600, or for a sum that is no number.
 */
export function weeksChart(
  strategy: string,
  sources: readonly WeeklyResults[],
  themeName: ThemeName = 'light',
): ChartConfig {
  const theme = themeOf(themeName);
  const bars = barsOf(sources);
  if (bars.length === 0 || bars.length > MOST_WEEKS) {
    throw new ChartDataError(
      `The chart of weeks cannot be drawn: ${bars.length} weeks, 1 to ${MOST_WEEKS} fit a picture.`,
    );
  }
  for (const { sum, day } of bars) requireFinite(sum ?? 0, `the week of ${day}`);
  const labels = timeLabels(
    bars.map(({ day }) => Date.parse(day)),
    3,
  );
  const axis = valueAxis({
    ...paddedRange(bars.map(({ sum }) => sum ?? 0).concat(0)),
    height: 190,
    ticks: 5,
    formatTick: formatNumber,
    tags: [],
    theme,
  });
  const colorOf = ({ sum, live }: Bar): string => {
    if (live) return theme.line;
    return (sum ?? 0) < 0 ? theme.down : theme.up;
  };
  return {
    type: 'bar',
    data: {
      labels,
      datasets: [
        {
          type: 'bar',
          label: 'Result of the week',
          yAxisID: 'sum',
          data: bars.map(({ sum }) => sum),
          backgroundColor: bars.map(colorOf),
          barPercentage: 1,
          categoryPercentage: 0.9,
        },
        {
          type: 'line',
          label: 'Break-even',
          yAxisID: 'sum',
          data: bars.map(() => 0),
          borderColor: theme.breach,
          borderWidth: 1.5,
          pointRadius: 0,
        },
      ],
    },
    options: baseOptions({
      title: `${strategy}, week by week`,
      subtitle: `${namesOf(sources)}; in times the risk`,
      theme,
      scales: { ...timeAxes(labels, theme, true), sum: axis.measure, sums: axis.labels },
    }),
  };
}

/** "perpetuals 2024-2026, 5,043 signals; blue: live". */
const namesOf = (sources: readonly WeeklyResults[]): string =>
  sources
    .map(({ source, signals }) =>
      source === 'live' ? 'blue: live' : `${source}, ${countText(signals, 'signal')}`,
    )
    .join('; ');

/** The chart in words, a sentence a source; works without a week too. Only weeks with signals count. */
export function describeWeeks(strategy: string, sources: readonly WeeklyResults[]): string {
  if (barsOf(sources).length === 0) return `${strategy}, week by week: nothing is recorded yet.`;
  // The first sentence is all that stands below the picture in the chat.
  const [first = '', ...others] = sources.map((each) => sourceText(each));
  return caption([`${strategy}, week by week, in times the risk: ${first}`, ...others]);
}

function sourceText(results: WeeklyResults): string {
  const { source, signals } = results;
  const weeks = barsOf([results]).flatMap(({ day, sum }) => (sum === null ? [] : [{ day, sum }]));
  const gained = weeks.filter(({ sum }) => sum > 0).length;
  const sorted = weeks.toSorted((one, other) => other.sum - one.sum);
  const [best, worst] = [sorted[0], sorted.at(-1)].map(
    (each) => `${each?.day ?? ''} ${signedText(each?.sum ?? NaN, 1)}`,
  );
  return `${source}, ${countText(signals, 'signal')}: ${gained} of ${countText(weeks.length, 'week')} with signals gained; best ${best}, worst ${worst}.`;
}
