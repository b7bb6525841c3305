import { describe, expect, it } from 'vitest';
import { allPages } from '../../src/exchange/pages.ts';

const ids = (from: number, to: number): { id: string }[] =>
  Array.from({ length: from - to }, (_, index) => ({ id: String(from - index) }));

/** A list of the exchange, newest first; `meanwhile` happens to it before each page but the first. */
function listing(rows: { id: string }[], meanwhile: () => void = () => undefined) {
  const skips: number[] = [];
  const fetch = async (skip: number): Promise<unknown> => {
    if (skips.length > 0) meanwhile();
    skips.push(skip);
    return { rows: rows.slice(skip, skip + 100), total: String(rows.length) };
  };
  return { skips, all: () => allPages(fetch, { what: 'rows', listKey: 'rows', idKey: 'id' }) };
}

describe('a paged list', () => {
  it('is walked by the rows that came, each page once, to its total', async () => {
    const { skips, all } = listing(ids(250, 0));
    expect(await all()).toEqual(ids(250, 0));
    expect(skips).toEqual([0, 100, 200]);
  });

  it.each([0, 1, 99, 100])('of %i rows needs one page', async (count) => {
    const { skips, all } = listing(ids(count, 0));
    expect(await all()).toHaveLength(count);
    expect(skips).toEqual([0]);
  });

  it('has each row once although new ones push the others on to the next page', async () => {
    const rows = ids(250, 0);
    let newest = 250;
    const { all } = listing(rows, () => {
      newest += 3;
      rows.unshift(...ids(newest, newest - 3));
    });
    expect(await all()).toEqual(ids(250, 0));
  });

  it('without a total ends at the first page that is not full', async () => {
    const rows = ids(150, 0);
    const skips: number[] = [];
    const fetch = async (skip: number): Promise<unknown> => {
      skips.push(skip);
      return rows.slice(skip, skip + 100);
    };
    expect(await allPages(fetch, { what: 'rows', idKey: 'id' })).toEqual(rows);
    expect(skips).toEqual([0, 100]);
  });
});
