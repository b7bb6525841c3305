import { describe, expect, it } from 'vitest';
import { allPages } from '../../src/exchange/bitunix/read/pages.ts';

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

  it('is walked again when rows went away in between, since others moved past the next page', async () => {
    const rows = ids(150, 0);
    let gone = false;
    const { skips, all } = listing(rows, () => {
      if (!gone) rows.splice(0, 10);
      gone = true;
    });
    expect(await all()).toEqual(ids(140, 0));
    expect(skips).toEqual([0, 100, 0, 100]);
  });

  it.each([
    [1, 0],
    [1, 99],
    [2, 100],
  ])('needs %i pages when the second has %i new rows at most', async (pages, more) => {
    const { skips, all } = listing(ids(pages === 1 ? more : 100 + more, 0));
    await all();
    expect(skips).toHaveLength(pages);
  });

  it('is walked on while a whole page of new rows pushes the others on', async () => {
    const rows = ids(250, 0);
    let newest = 250;
    const { skips, all } = listing(rows, () => {
      if (newest < 450) rows.unshift(...ids(newest + 100, newest));
      newest += 100;
    });
    expect(await all()).toEqual(ids(250, 0));
    expect(skips).toEqual([0, 100, 200, 300, 400]);
  });

  it.each([
    { lag: 1, walks: 1 },
    { lag: -1, walks: 1 },
    { lag: 1, walks: 2 },
    { lag: -1, walks: 2 },
  ])(
    'is walked again while its count lags by $lag row, for $walks walks',
    async ({ lag, walks }) => {
      const rows = ids(150, 0);
      let started = 0;
      const fetch = async (skip: number): Promise<unknown> => {
        if (skip === 0) started += 1;
        const page = rows.slice(skip, skip + 100);
        const total =
          started > walks ? rows.length : lag > 0 ? rows.length + lag : page.length + lag;
        return { rows: page, total };
      };
      const walk = allPages(fetch, { what: 'rows', listKey: 'rows', idKey: 'id' });
      expect(await walk).toEqual(rows);
      expect(started).toBe(walks + 1);
    },
  );

  it.each([
    [51, 'a page is empty after 50 of 51 rows'],
    [49, '50 rows of 49 came'],
    [0, '50 rows of 0 came'],
  ])('of 50 rows that is said to have %i for good is no answer', async (total, problem) => {
    const fetch = async (skip: number): Promise<unknown> => ({
      rows: ids(50, 0).slice(skip),
      total,
    });
    const walk = allPages(fetch, { what: 'rows', listKey: 'rows', idKey: 'id' });
    await expect(walk).rejects.toThrow(problem);
  });

  it('lacks a row when pages overlap: that is no answer', async () => {
    const rows = ids(150, 0);
    const fetch = async (skip: number): Promise<unknown> => ({
      rows: rows.slice(skip === 0 ? 0 : skip - 1, skip === 0 ? 100 : 149),
      total: 150,
    });
    const walk = allPages(fetch, { what: 'rows', listKey: 'rows', idKey: 'id' });
    await expect(walk).rejects.toThrow('only 149 of 150 rows came');
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
