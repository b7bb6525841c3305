import { idText, wholeNumber } from './wire-value.ts';
import { isRecord, listOf } from './mapped.ts';

export const PAGE_ROWS = 100;

/** Most pages that one call walks unless told otherwise: 20,000 rows. */
const MAX_PAGES = 200;

export interface Paging {
  /** Where the rows are in the reply, such as "orderList"; undefined when the reply is the list. */
  readonly listKey?: string;
  /** What identifies a row: pages shift while new rows arrive. */
  readonly idKey: string;
  readonly mostPages?: number;
  /** True when the rest is not wanted; asked after each page. */
  readonly enough?: (page: readonly unknown[]) => boolean;
}

/** All rows of a paged list, newest first as they come, each id once. */
export async function allPages(
  fetch: (skip: number) => Promise<unknown>,
  paging: Paging,
): Promise<unknown[]> {
  const rows: unknown[] = [];
  const seen = new Set<string>();
  let skip = 0;
  for (let page = 0; page < (paging.mostPages ?? MAX_PAGES); page += 1) {
    const data = await fetch(skip);
    const list = listOf(data, paging.listKey);
    skip += list.length;
    for (const row of list) {
      const id = isRecord(row) ? idText(row[paging.idKey]) : undefined;
      if (id !== undefined && seen.has(id)) continue;
      if (id !== undefined) seen.add(id);
      rows.push(row);
    }
    const total = isRecord(data) ? wholeNumber(data['total']) : undefined;
    const last = total === undefined ? list.length < PAGE_ROWS : skip >= total;
    if (list.length === 0 || last || paging.enough?.(list) === true) break;
  }
  return rows;
}
