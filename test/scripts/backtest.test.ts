import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Candle } from '../../src/domain/candle.ts';
import { walk } from '../indicators/market.ts';

const folder = mkdtempSync(join(tmpdir(), 'vigil-backtest-'));
const empty = mkdtempSync(join(tmpdir(), 'vigil-backtest-empty-'));

function record(symbol: string, candles: readonly Candle[], tail = ''): void {
  const rows = candles.map(({ openTime, open, high, low, close, volume }) =>
    [openTime, ...[open, high, low, close].map((each) => each.toFixed(6)), volume.toFixed(2)].join(
      ',',
    ),
  );
  const text = `time,open,high,low,close,volume\n${rows.join('\n')}\n${tail}`;
  writeFileSync(join(folder, `${symbol}.csv.gz`), gzipSync(text));
}

function run(...given: string[]): { status: number | null; out: string; err: string } {
  const root = new URL('../..', import.meta.url).pathname;
  const args = ['--import', 'tsx', 'scripts/backtest.ts', ...given];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
  });
  return { status, out: stdout, err: stderr };
}

beforeAll(() => {
  record('BTCUSDT', walk({ seed: 1, count: 900, noise: 0.012 }));
  record('ETHUSDT', walk({ seed: 2, count: 900, noise: 0.012 }), 'nonsense,1\n');
  record('TENUSDT', walk({ seed: 3, count: 10 }));
});

describe('the backtest command', () => {
  it('prints a table, writes JSON and a picture, and repeats its hash', () => {
    const json = join(empty, 'out.json');
    const png = join(empty, 'out.png');
    const first = run('--data', folder, '--json', json, '--png', png);
    expect(first.err).toBe('');
    expect(first.status).toBe(0);
    expect(first.out).toContain(
      'left out: ETHUSDT: 1 rows left out, first line 902: 2 fields, expected 6',
    );
    expect(first.out).toContain('ACCOUNT, with every limit and the emergency stop');
    expect(first.out).toContain(
      'left out: TENUSDT: 9 closed candles, 150 are needed before any signal',
    );
    expect(first.out).toContain('look-ahead check  2 snapshots, identical on cut history');
    const result = JSON.parse(readFileSync(json, 'utf8'));
    expect(result.symbols).toEqual(['BTCUSDT', 'ETHUSDT']);
    expect(first.out).toContain(`trades sha256 ${result.hash}`);
    expect(result.trades.length).toBe(result.metrics.trades);
    for (const key of [
      'symbol',
      'side',
      'entryTime',
      'entryPrice',
      'exitTime',
      'exitPrice',
      'quantity',
      'fees',
      'pnl',
      'reason',
    ]) {
      expect(result.trades[0]).toHaveProperty(key);
    }
    expect(first.out).toContain(`their trades sha256 ${result.signals.hash}`);
    const picture = readFileSync(png);
    expect(picture.subarray(1, 4).toString()).toBe('PNG');
    expect([picture.readUInt32BE(16), picture.readUInt32BE(20)]).toEqual([1800, 500]);
    expect(run('--data', folder).out).toBe(first.out);
  });

  it('runs the reference rule over the symbols asked for and names those without data', () => {
    const { out, status } = run(
      '--data',
      folder,
      '--strategy',
      'band-reversion',
      '--symbols',
      'btcusdt,XYZUSDT',
    );
    expect(status).toBe(0);
    expect(out).toContain('left out: XYZUSDT: no data');
    expect(out).toContain('band-reversion, 1 symbols');
  });

  it('lists its options', () => {
    const { out, status } = run('--help');
    expect(out).toContain('--preset P       conservative, meme, diversified, quick');
    expect(status).toBe(0);
  });

  it.each([
    [[], '--data DIR is missing'],
    [['--data', '/does/not/exist'], 'the folder "/does/not/exist" does not exist'],
    [['--data', empty], 'holds no *.csv.gz file'],
    [['--data', folder, '--strategy', 'gut'], 'allowed: conservative, band-reversion'],
    [['--data', folder, '--preset', 'x'], 'allowed: conservative, meme, diversified, quick'],
    [['--data', folder, '--from', 'soon'], '--from "soon" is no date; write 2022-06-30'],
    [
      ['--data', folder, '--from', '2031-01-01'],
      'no candle lies between --from and --to; the data reach from',
    ],
    [['--data', folder, '--symbols', 'A', '--preset', 'quick'], 'exclude each other'],
    [['--data', folder, '--equity', 'much'], '--equity "much" is no number above 0'],
    [['--data', folder, '--from', '2022-02-31'], '--from "2022-02-31" is no date'],
    [['--data', folder, '--nonsense'], "Unknown option '--nonsense'; allowed: --data --symbols"],
    [['--data', folder, '--symbols', ','], 'names no symbol; write BTCUSDT,ETHUSDT'],
    [['--data', join(folder, 'BTCUSDT.csv.gz')], 'is no folder'],
    [['--data', folder, '--symbols', 'TENUSDT'], 'nothing to run: TENUSDT: 9 closed candles'],
    [['--data', folder, '--json', join(folder, 'no', 'x')], 'cannot be written: the folder'],
  ])('refuses %j in one plain sentence', (given, sentence) => {
    const { status, err } = run(...given);
    expect(err).toContain(sentence);
    expect(err).not.toContain('    at ');
    expect(status).toBe(2);
  });
});
