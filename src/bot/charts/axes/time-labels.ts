const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [
  ...[1, 5, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 4, 7, 14].map((n) => n * DAY),
];
const MONTH_STEPS = [1, 2, 3, 6, 12, 24, 60];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `10 Oct` of a moment in Unix milliseconds, UTC. */
function dayText(at: number): string {
  const date = new Date(at);
  return `${date.getUTCDate()} ${monthText(at)}`;
}

/** `14:05`, UTC. */
function clockText(at: number): string {
  return new Date(at).toISOString().slice(11, 16);
}

/** `10 Oct 2025`, UTC. */
export function dateText(at: number): string {
  return `${dayText(at)} ${new Date(at).getUTCFullYear()}`;
}

/** `10 Oct 2025 14:05`, UTC. */
export function momentText(at: number): string {
  return `${dateText(at)} ${clockText(at)}`;
}

/** `1 Sep 2025 00:00 to 05:00` within a day, `1 Sep 2025 to 30 Sep 2025` beyond, UTC. */
export function spanText(first: number, last: number): string {
  if (first === last) return momentText(first);
  if (dateText(first) === dateText(last)) return `${momentText(first)} to ${clockText(last)}`;
  return `${dateText(first)} to ${dateText(last)}`;
}

function monthText(at: number): string {
  return MONTHS[new Date(at).getUTCMonth()] ?? '';
}

/**
 * Labels of a time axis: one string a slot, empty except where a round hour, day or month begins, at most `count` of
 * them and none so near the left edge that it would be cut. `times` are ascending Unix milliseconds.
 */
export function timeLabels(times: readonly number[], count: number): string[] {
  const margin = times.length > 12 ? Math.ceil(times.length * 0.04) : 0;
  for (const unit of units()) {
    const marks = times.flatMap((at, i) =>
      i >= margin && begins(times, i, unit) ? [{ at, i }] : [],
    );
    const apart = times.length / (count + 1);
    if (marks.length > count || (marks.length === 0 && unit.last)) continue;
    if (marks.length < 2) break;
    return place(
      times.length,
      wellApart(marks, apart).map(({ at, i }) => ({ i, text: unit.text(at) })),
    );
  }
  return endLabels(times);
}

interface Mark {
  readonly at: number;
  readonly i: number;
}

interface Unit {
  /** Number of the hour, day or month group that a moment is in. */
  readonly index: (at: number) => number;
  readonly text: (at: number) => string;
  readonly last: boolean;
}

function* units(): Generator<Unit> {
  for (const step of STEPS) {
    const text = (at: number): string =>
      step < DAY && at % DAY >= step ? clockText(at - (at % step)) : dayText(at);
    yield { index: (at) => Math.floor(at / step), text, last: false };
  }
  for (const months of MONTH_STEPS) {
    const index = (at: number): number => {
      const date = new Date(at);
      return Math.floor((date.getUTCFullYear() * 12 + date.getUTCMonth()) / months);
    };
    const text = (at: number): string => {
      const date = new Date(at);
      return months >= 12
        ? `${date.getUTCFullYear()}`
        : `${monthText(at)} ${date.getUTCFullYear()}`;
    };
    yield { index, text, last: months === 60 };
  }
}

function begins(times: readonly number[], i: number, unit: Unit): boolean {
  const at = times[i];
  // The first moment counts when it is itself round, to the minute.
  const before = i === 0 && at !== undefined ? at - 1 : times[i - 1];
  return at !== undefined && before !== undefined && unit.index(at) !== unit.index(before);
}

/** After a gap in the data two beginnings can be neighbours: the later gives way. */
function wellApart(marks: readonly Mark[], apart: number): Mark[] {
  const kept: Mark[] = [];
  for (const mark of marks) {
    const previous = kept.at(-1);
    if (previous === undefined || mark.i - previous.i >= apart * 0.6) kept.push(mark);
  }
  return kept;
}

/** Too short for two round times: name the first and the last moment. */
function endLabels(times: readonly number[]): string[] {
  const first = times[0];
  const last = times.at(-1);
  if (first === undefined || last === undefined) return [];
  const full = (at: number): string =>
    at % DAY === 0 ? dayText(at) : `${dayText(at)} ${clockText(at)}`;
  if (times.length === 1) return [full(first)];
  const inset = Math.round(times.length * 0.1);
  const left = times[inset] ?? first;
  return place(times.length, [
    { i: inset, text: full(left) },
    { i: times.length - 1, text: dayText(last) === dayText(left) ? clockText(last) : full(last) },
  ]);
}

function place(length: number, marks: readonly { i: number; text: string }[]): string[] {
  const labels = Array.from({ length }, () => '');
  for (const { i, text } of marks) labels[i] = text;
  return labels;
}
