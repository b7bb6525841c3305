import { plainNumber } from './plain-number.ts';

/** Delimited text as rows of cells, with what was found out about its writing. */
export interface DelimitedTable {
  readonly rows: readonly DelimitedRow[];
  /** Lines before the table that were passed over, such as an address. */
  readonly skipped: readonly string[];
  readonly delimiter: string;
  /** Whether any of it stands in quotes, so that a cell may hold the delimiter. */
  readonly isQuoted: boolean;
}

export interface DelimitedRow {
  /** From 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** A first line that is no part of the table: an address, or a comment. */
const PREAMBLE = /^"?(https?:\/\/|www\.|#)/i;
const LEAST_CELLS = 5;

/**
 * Reads text whose cells lie between commas, semicolons or tabs; quotes, a byte order mark, CRLF and empty lines are taken. Which of the
 * three it is, the first line of the table says: a semicolon or a tab there is no part of a number or a name.
 */
export function readDelimited(text: string): DelimitedTable {
  const whole = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const lines = whole.split(whole.includes('\r') ? /\r\n|\n|\r/ : '\n');
  const isQuoted = whole.includes('"');
  const hasBlanks = BLANKS.some((each) => whole.includes(each));
  const skipped: string[] = [];
  const rows: DelimitedRow[] = [];
  let delimiter = '';
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index]?.trim() ?? '';
    if (line === '') continue;
    if (delimiter === '' && PREAMBLE.test(line)) {
      skipped.push(line);
      continue;
    }
    if (delimiter === '') delimiter = delimiterOf(line);
    const cells = isQuoted ? quotedCells(line, delimiter) : line.split(delimiter);
    rows.push({ line: index + 1, cells: hasBlanks ? cells.map(trimmed) : cells });
  }
  return { rows, skipped, delimiter: delimiter === '' ? ',' : delimiter, isQuoted };
}

const delimiterOf = (line: string): string =>
  [';', '\t'].find((each) => line.split(each).length >= LEAST_CELLS) ?? ',';

/** White space that parts no lines. */
const BLANKS = [' ', '\t', '\v', '\f', '\u00A0', '\uFEFF'];
const trimmed = (cell: string): string => cell.trim();

function quotedCells(line: string, delimiter: string): readonly string[] {
  if (!line.includes('"')) return line.split(delimiter);
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (const letter of line) {
    if (letter === '"') quoted = !quoted;
    else if (letter === delimiter && !quoted) {
      cells.push(cell);
      cell = '';
    } else cell += letter;
  }
  return [...cells, cell];
}

/** How the numbers of a table are written. */
export type DecimalMark = '.' | ',';

const COMMA_NUMBER = /^[+-]?\d*,\d+$/;
const GROUP = /^[+-]?\d{1,3}(,\d{3})+$/;

/**
 * The decimal mark of these cells. Throws RangeError where it cannot be told: a point and a comma, or nothing but commas before three
 * digits, which may part thousands.
 */
export function decimalMarkOf(cells: readonly string[]): DecimalMark {
  const commas = cells.filter((cell) => cell.includes(',') && /^[\d.,+-]+$/.test(cell));
  const [first] = commas;
  if (first === undefined) return '.';
  const points = cells.find((cell) => /\d\.\d/.test(cell));
  if (points !== undefined) {
    throw new RangeError(
      `its numbers have a comma ("${first}") and a point ("${points}"): which of them is the decimal mark cannot be told; write 1234.5`,
    );
  }
  if (commas.every((cell) => GROUP.test(cell))) {
    throw new RangeError(
      `"${first}" may mean a decimal comma or thousands; write its numbers with a decimal point`,
    );
  }
  return ',';
}

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** A decimal number, NaN for anything else; an infinity stays one, so that it can be named. */
export function numberOf(text: string | undefined, mark: DecimalMark): number {
  if (text === undefined) return NaN;
  const plain = plainNumber(text);
  if (!Number.isNaN(plain)) return plain;
  const written = mark === ',' && COMMA_NUMBER.test(text) ? text.replace(',', '.') : text;
  if (/^[+-]?Infinity$/i.test(written)) return Infinity;
  return DECIMAL.test(written) ? Number(written) : NaN;
}

/** Decimals that a number needs, however it is written: 1 for 1.5, 1.50 and 150e-2. */
export function decimalsOf(text: string, value: number): number {
  if (plainNumber(text) === value) {
    const dot = text.indexOf('.');
    if (dot < 0) return 0;
    let end = text.length;
    while (text.endsWith('0', end)) end -= 1;
    return end - dot - 1;
  }
  const [digits = '', exponent = '0'] = String(value).split('e');
  const point = digits.indexOf('.');
  const written = point < 0 ? 0 : digits.length - point - 1;
  return Math.max(0, written - Number(exponent));
}
