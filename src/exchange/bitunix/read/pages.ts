import { shapeFailure } from '../../http/failures.ts';
import { agreedRows, isRecord, listOf, rowId } from '../mapped.ts';
import { wholeNumber } from '../../wire/wire-value.ts';
import { countText } from '../../../domain/words/words.ts';

export const PAGE_ROWS = 100;

/** Most pages that one call walks unless told otherwise: 20,000 rows. */
const MAX_PAGES = 200;

/** How often a list is walked whose pages and total do not fit: it has changed on the way, or its count lags behind. */
const WALKS = 3;

export interface Paging {
  /** What the rows are called in a failure, such as "open orders". */
  readonly what: string;
  /** Where the rows are in the reply, such as "orderList"; undefined when the reply is the list. */
  readonly listKey?: string;
  /** What identifies a row: pages shift while new rows arrive. */
  readonly idKey: string;
  /** Only so many pages, and what lies behind them is not wanted. */
  readonly mostPages?: number;
  /** True when the rest is not wanted; asked after each page. */
  readonly enough?: (page: readonly unknown[]) => boolean;
}

/**
 * All rows of a paged list, newest first as they come, each id once as it was seen last. Rejects with ExchangeFailure when the pages do not
 * add up to what the exchange says is there, however often they are walked: a list that is cut short would hide what is missing.
 */
export async function allPages(
  fetch: (skip: number) => Promise<unknown>,
  paging: Paging,
): Promise<unknown[]> {
  let problem = '';
  for (let walk = 0; walk < WALKS; walk += 1) {
    const walked = await walkPages(fetch, paging);
    if ('rows' in walked) return walked.rows;
    problem = walked.problem;
  }
  throw shapeFailure(`${paging.what}: ${problem}`);
}

/** All rows, or what does not fit in the pages of this walk. */
async function walkPages(
  fetch: (skip: number) => Promise<unknown>,
  paging: Paging,
): Promise<{ readonly rows: unknown[] } | { readonly problem: string }> {
  const { what, listKey, idKey, mostPages } = paging;
  const rows = new Map<string, unknown>();
  let skip = 0;
  let before = 0;
  let first: number | undefined;
  for (let page = 0; page < (mostPages ?? MAX_PAGES); page += 1) {
    const data = await fetch(skip);
    const sent = listOf(data, listKey);
    const list = agreedRows(sent, idKey, what);
    const total = totalOf(data, what);
    // Rows went away: those behind them moved up, past the page that was read next.
    if (total !== undefined && total < before) {
      return { problem: 'the list became shorter each time while it was read' };
    }
    if (total !== undefined && total < list.length) {
      return { problem: `${countText(list.length, 'row')} of ${total} came` };
    }
    // New rows push the others on: a page may then hold nothing but what was read already.
    const grew = page > 0 && total !== undefined && total > before;
    before = total ?? 0;
    first ??= total ?? 0;
    skip += sent.length;
    const known = rows.size;
    for (const row of list) rows.set(rowId(row, idKey) ?? '', row);
    const last = total === undefined ? sent.length < PAGE_ROWS : skip >= total;
    if (list.length === 0 && !last) {
      return { problem: `a page is empty after ${skip} of ${total ?? '?'} rows` };
    }
    if (paging.enough?.(list) === true) return { rows: [...rows.values()] };
    if (list.length > 0 && rows.size === known && !grew) {
      return { problem: 'the same page came again' };
    }
    if (last && rows.size < first) {
      return { problem: `only ${rows.size} of ${countText(first, 'row')} came` };
    }
    if (last) return { rows: [...rows.values()] };
  }
  if (mostPages !== undefined) return { rows: [...rows.values()] };
  throw shapeFailure(`${what}: there are more than ${MAX_PAGES * PAGE_ROWS}`);
}

/** How many rows the exchange says there are; undefined where it says nothing. */
function totalOf(data: unknown, what: string): number | undefined {
  const value = isRecord(data) ? data['total'] : undefined;
  if (value === undefined || value === null) return undefined;
  const total = wholeNumber(value);
  if (total !== undefined && total >= 0) return total;
  throw shapeFailure(`${what}: how many there are cannot be read`);
}
