import { describe, expect, it } from 'vitest';
import { candleAt } from '../../src/backtest/candle-columns.ts';
import { parseCandleCsv } from '../../src/backtest/csv.ts';

const HEADER = 'time,open,high,low,close,volume';

describe('parseCandleCsv', () => {
  it('reads rows and the decimals of their prices', () => {
    const text = `${HEADER}\n1000,2,3,1,2.5,7\r\n2000,2.5,3.125,2,3,0\n`;
    const { columns, faults, priceDecimals } = parseCandleCsv(text);
    expect(faults).toEqual([]);
    expect(priceDecimals).toBe(3);
    expect(columns.length).toBe(2);
    expect(candleAt(columns, 0)).toEqual({
      openTime: 1000,
      open: 2,
      high: 3,
      low: 1,
      close: 2.5,
      volume: 7,
    });
  });

  it('leaves out what is faulty, repeated or out of order and names the line', () => {
    const rows = [
      '2000,2,3,1,2,7',
      '2000,2,3,1,2,7',
      '1000,2,3,1,2,7',
      '3000,,3,1,2,7',
      '4000,2,3',
      '5000,2,1,1,2,7',
      '6000,x,3,1,2,7',
    ];
    const { columns, faults } = parseCandleCsv([HEADER, ...rows].join('\n'));
    expect(columns.length).toBe(1);
    expect(faults).toEqual([
      { line: 3, reason: 'the same time as the row before' },
      { line: 4, reason: 'earlier than the row before' },
      { line: 5, reason: 'open is NaN' },
      { line: 6, reason: '3 fields, expected 6' },
      { line: 7, reason: 'open 2, high 1, low 1, close 2 contradict each other' },
      { line: 8, reason: 'open is NaN' },
    ]);
  });

  it('refuses a file with another header and takes one without rows', () => {
    expect(() => parseCandleCsv('a,b\n1,2')).toThrow(`expected "${HEADER}"`);
    expect(parseCandleCsv(HEADER).columns.length).toBe(0);
  });
});
