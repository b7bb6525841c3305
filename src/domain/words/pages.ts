/** So much of a long list stands on one page. */
const PER_PAGE = 8;

/** What of a long list is shown at once. */
export interface Page<T> {
  readonly shown: readonly T[];
  /** From 0; a page after the last one is the last one. */
  readonly page: number;
  /** At least 1. */
  readonly pages: number;
  /** "9-16 of 83" */
  readonly count: string;
}

/** The count where not all is shown. */
export const countOf = ({ pages, count }: Page<unknown>): readonly string[] =>
  pages === 1 ? [] : [count];

/** One page of a list, and which part of it that is: nothing is left out without being told. */
export function pageOf<T>(all: readonly T[], asked = 0, perPage = PER_PAGE): Page<T> {
  const pages = Math.max(1, Math.ceil(all.length / perPage));
  const page = Math.min(asked, pages - 1);
  const from = page * perPage;
  const shown = all.slice(from, from + perPage);
  const count = `${Math.min(from + 1, all.length)}-${from + shown.length} of ${all.length}`;
  return { shown, page, pages, count };
}
