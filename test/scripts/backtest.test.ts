import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { createHash } from 'node:crypto';
import { backtest } from '../../scripts/backtest-command.ts';
import type { Trade } from '../../src/backtest/trade/trade.ts';
import { tradesText } from '../../src/backtest/trade/trade.ts';
import type { Candle } from '../../src/domain/candle.ts';
import { HOUR, MINUTE } from '../../src/domain/time.ts';
import { at, walk } from '../indicators/market.ts';
import { nodeArgs } from '../programs.ts';

const folder = mkdtempSync(join(tmpdir(), 'vigil-backtest-'));
const empty = mkdtempSync(join(tmpdir(), 'vigil-backtest-empty-'));

const rowOf = ({ openTime, open, high, low, close, volume }: Candle): string =>
  [openTime, ...[open, high, low, close].map((each) => each.toFixed(6)), volume.toFixed(2)].join(
    ',',
  );
const csvOf = (candles: readonly Candle[]): string =>
  `time,open,high,low,close,volume\n${candles.map(rowOf).join('\n')}\n`;

function record(symbol: string, text: string, into = folder): void {
  writeFileSync(join(into, `${symbol}.csv.gz`), gzipSync(text));
}

async function run(...given: string[]): Promise<{ status: number; out: string; err: string }> {
  const said = { out: '', err: '' };
  const status = await backtest(given, {
    print: (text) => {
      said.out += `${text}\n`;
    },
    complain: (text) => {
      said.err += `${text}\n`;
    },
  });
  return { status, ...said };
}

beforeAll(() => {
  record('BTCUSDT', csvOf(walk({ seed: 1, count: 900, noise: 0.012 })));
  record('ETHUSDT', `${csvOf(walk({ seed: 2, count: 900, noise: 0.012 }))}nonsense,1\n`);
  record('TENUSDT', csvOf(walk({ seed: 3, count: 10 })));
});

const jsonOf = (file: string) => JSON.parse(readFileSync(file, 'utf8'));

describe('the backtest command', () => {
  const json = join(empty, 'out.json');

  it('prints a table, the claim first, writes JSON and a picture, and repeats itself', async () => {
    const png = join(empty, 'out.png');
    const first = await run('--data', folder, '--json', json, '--png', png);
    expect(first.err).toBe('');
    expect(first.status).toBe(0);
    const lines = first.out.split('\n');
    expect(lines[0]).toMatch(/^agreement, 2 symbols, candles of 1h, .* UTC to .* UTC$/);
    expect(lines[1]).toMatch(
      /^(Only \d+ trades: too few for any claim|No edge|Positive in this data)/,
    );
    expect(first.out).toContain(
      'left out: TENUSDT: 9 closed candles, 176 are needed before any signal',
    );
    expect(first.out).toContain(
      'rows left out: ETHUSDT: 1 unreadable; first in line 902: 2 fields, expected 6',
    );
    expect(first.out).toContain('data: 1,798 candles; 0 gaps; 0 candles without volume');
    for (const part of [
      'ACCOUNT, with every limit and the emergency stop',
      'SIGNALS, each tracked on its own without an account',
      'random entries, same exits',
      'buy and hold, equal parts',
      'There was a signal on',
      'walk-forward',
      'warm-up check: candles known',
    ]) {
      expect(first.out).toContain(part);
    }
    expect(first.out).toMatch(
      /look-ahead check: 1,798 candles and the signals of \d+ trades .*: identical/,
    );
    const picture = readFileSync(png);
    expect(picture.subarray(1, 4).toString()).toBe('PNG');
    expect([picture.readUInt32BE(16), picture.readUInt32BE(20)]).toEqual([1800, 1000]);
    expect((await run('--data', folder)).out).toBe(first.out);
    // Nothing of the writing is left beside them.
    expect(readdirSync(empty).toSorted()).toEqual(['out.json', 'out.png']);
  });

  it('publishes a hash of the trades that anybody can work out from the JSON', async () => {
    const result = jsonOf(json);
    expect(result.symbols).toEqual(['BTCUSDT', 'ETHUSDT']);
    const trades: Trade[] = result.trades;
    expect(trades.length).toBeGreaterThan(0);
    const sha256 = createHash('sha256').update(tradesText(trades)).digest('hex');
    expect(result.hash).toBe(sha256);
    // The order in which symbols are asked for changes nothing.
    const again = await run('--data', folder, '--symbols', 'ETHUSDT,btcusdt');
    expect(again.out.trimEnd().split('\n').at(-1)).toBe(`trades sha256 ${sha256}`);
    // Nor do the random entries depend on how the account fared, which can trade less with a cent.
    const file = join(mkdtempSync(join(tmpdir(), 'vigil-backtest-poor-')), 'out.json');
    await run('--data', folder, '--equity', '0.01', '--json', file);
    const poor = jsonOf(file);
    expect(poor.trades.length).toBeLessThan(trades.length);
    expect(poor.study.random).toEqual(result.study.random);
  });

  it('has every figure in the JSON, those without a meaning as null with a reason', () => {
    const { metrics, trades, signals, study, data, leftOut, ...rest } = jsonOf(json);
    expect(Object.keys(trades[0])).toEqual(
      expect.arrayContaining(
        'symbol side entryTime entryPrice exitTime exitPrice quantity fees pnl reason'.split(' '),
      ),
    );
    const names =
      'totalReturn cagr maxDrawdown sharpe sortino calmar profitFactor expectancyR winRate exposure longestWinStreak longestLossStreak fees funding meanMae meanMfe bySymbol byCategory bySide byHour byExitReason byScoreBand requests refusals halts';
    expect(Object.keys(metrics)).toEqual(expect.arrayContaining(names.split(' ')));
    expect(metrics.trades).toBe(trades.length);
    expect(metrics.cagr).toBeNull();
    expect(metrics.undefinedBecause.cagr).toBe('fewer than 90 days');
    const counted = metrics.bySymbol.reduce(
      (sum: number, group: { winRate: { n: number } }) => sum + group.winRate.n,
      0,
    );
    expect(counted).toBe(trades.length);
    const net = trades.reduce((sum: number, each: Trade) => sum + each.pnl, 0);
    expect(metrics.endEquity - metrics.startEquity).toBeCloseTo(net, 6);
    expect(rest.dailyEquity.at(-1).equity).toBe(metrics.endEquity);
    expect(study.metrics.trades).toBeGreaterThanOrEqual(trades.length);
    expect(study.random.n).toBeGreaterThan(study.metrics.trades);
    expect(signals.length).toBeLessThanOrEqual(study.metrics.trades);
    expect(Object.keys(signals[0])).toEqual(
      'symbol side eventTime entryTime entry stop target exitTime exit reason r'.split(' '),
    );
    expect(rest.honesty.lookAhead.different).toBe(0);
    expect(rest.walkForward.folds.length).toBeGreaterThan(1);
    expect(rest.discrimination.criteria).toHaveLength(9);
    expect(data[1]).toMatchObject({ symbol: 'ETHUSDT', leftOut: { unreadable: 1 } });
    expect(leftOut).toEqual([{ symbol: 'TENUSDT', reason: expect.stringContaining('9 closed') }]);
  });

  it('runs the reference rule over the symbols asked for and names those without data', async () => {
    const { out, status } = await run(
      '--data',
      folder,
      '--strategy',
      'band-reversion',
      '--symbols',
      'btcusdt,XYZUSDT,ETH',
    );
    expect(status).toBe(0);
    expect(out).toContain('left out: XYZUSDT: no data');
    expect(out).toContain('left out: ETH: no data; there is ETHUSDT');
    expect(out).toContain('band-reversion, 1 symbol, candles of 1h');
    expect(out).toMatch(
      /look-ahead check: 900 candles and the signals of \d+ trades .*: identical/,
    );
  });

  it('lists its options', async () => {
    const { out, status } = await run('--help');
    expect(out).toContain('money: conservative, meme, diversified or quick');
    expect(status).toBe(0);
  });

  it.each([
    [[], '--data DIR is missing'],
    [['--data', '/does/not/exist'], 'the folder "/does/not/exist" does not exist'],
    [['--data', empty], 'holds no file SYMBOL.csv.gz or SYMBOL.csv'],
    [
      ['--data', folder, '--strategy', 'gut'],
      '--strategy is "gut"; it must be agreement, breakdown, breakout or band-reversion',
    ],
    [['--data', folder, '--preset', 'x'], 'it must be conservative, meme, diversified or quick'],
    [['--data', folder, '--from', 'soon'], '--from is "soon"; it must be a time in UTC such as'],
    [
      ['--data', folder, '--from', '2022-02-01', '--to', '2022-02-01'],
      '--from must lie before --to',
    ],
    [
      ['--data', folder, '--from', '2031-01-01'],
      'no candle lies between --from and --to; the data reach from',
    ],
    [['--data', folder, '--symbols', 'A', '--preset', 'quick'], 'exclude each other'],
    [['--data', folder, '--equity', 'much'], '--equity is "much"; it must be a number above 0'],
    [['--data', folder, '--from', '2022-02-31'], '--from is "2022-02-31"; it must be a time'],
    [['--data', folder, '--nonsense'], "Unknown option '--nonsense'; allowed: --data --symbols"],
    [['--data', folder, '--symbols', ','], 'it must be names with commas, such as BTCUSDT,ETHUSDT'],
    [['--data', join(folder, 'BTCUSDT.csv.gz')], 'is no folder'],
    [['--data', folder, '--symbols', 'TENUSDT'], 'nothing to run: TENUSDT: 9 closed candles'],
    [['--data', folder, '--json', join(folder, 'no', 'x')], 'cannot be written: the folder'],
    [['--data', folder, '--png', empty], 'cannot be written: it is a folder'],
    [['--data', folder, '--json', join(empty, 'a'), '--png', join(empty, 'a')], 'the same file'],
  ])('refuses %j in one plain sentence', async (given, sentence) => {
    const { status, err } = await run(...given);
    expect(err).toContain(sentence);
    expect(err).not.toContain('    at ');
    expect(status).toBe(2);
  });
});

describe('candles that are not as they should be', () => {
  const bad = mkdtempSync(join(tmpdir(), 'vigil-backtest-bad-'));
  const good = walk({ seed: 5, count: 400, noise: 0.01 });

  it('are named with counts, skipped or refused, and never used silently', async () => {
    const rows = good.map(rowOf);
    const head = 'time,open,high,low,close,volume';
    const replaced = (row: number, text: string): readonly string[] => rows.with(row, text);
    const close = at(good, 200).close * 50;
    const spike = rowOf({ ...at(good, 200), close, high: close });
    record('GAPUSDT', [head, ...rows.toSpliced(250, 40)].join('\n'), bad);
    record(
      'SILENTUSDT',
      csvOf(good.map((each, i) => (i % 100 === 7 ? { ...each, volume: 0 } : each))),
      bad,
    );
    record('SPIKEUSDT', [head, ...replaced(200, spike)].join('\n'), bad);
    record(
      'TWICEUSDT',
      [head, ...rows.toSpliced(100, 0, rows[99] ?? '', rows[50] ?? '')].join('\n'),
      bad,
    );
    record(
      'WORDUSDT',
      [head, ...replaced(10, `${at(good, 10).openTime},NaN,1,1,1,1`)].join('\n'),
      bad,
    );
    record('SECONDSUSDT', [head, ...rows.map((row) => row.replace('000,', ','))].join('\n'), bad);
    record(
      'FOURUSDT',
      csvOf(good.map((each, i) => ({ ...each, openTime: i * 4 * HOUR + Date.UTC(2008, 0, 10) }))),
      bad,
    );
    record(
      'ODDUSDT',
      csvOf(good.map((each, i) => ({ ...each, openTime: i * 7 * MINUTE + 1.2e12 }))),
      bad,
    );
    record('NAMESUSDT', csvOf(good).replace('volume', 'amount'), bad);
    writeFileSync(join(bad, 'CUTUSDT.csv.gz'), gzipSync(csvOf(good)).subarray(0, 4_000));
    writeFileSync(join(bad, 'PLAINUSDT.csv'), `\uFEFF${csvOf(good).replaceAll('\n', '\r\n')}`);
    const file = join(bad, 'out.json');
    const { out, status } = await run('--data', bad, '--json', file);
    expect(status).toBe(0);
    for (const line of [
      'agreement, 7 symbols',
      'left out: CUTUSDT: the file cannot be used: unexpected end of file',
      'left out: FOURUSDT: its candles are of 4h; the strategy needs 1 h or shorter',
      'left out: ODDUSDT: its rows lie 7 min apart most often, which is no candle',
      'left out: NAMESUSDT: the file cannot be used: the first line "time,open,high,low,close,amount" names no volume',
      'read as: SECONDSUSDT: time from "time", times in seconds, candles of 1h',
      '3 gaps (42 candles missing, longest 40 h 00 min); 4 candles without volume',
      'rows left out: SPIKEUSDT: 1 bad tick; first in line 202: close',
      'rows left out: TWICEUSDT: 2 repeated; first in line 102: the same as a row before',
      'rows left out: WORDUSDT: 1 unreadable; first in line 12: open is NaN',
    ]) {
      expect(out).toContain(line);
    }
    const { data } = jsonOf(file);
    expect(data.map((each: { symbol: string }) => each.symbol)).toEqual(
      'GAPUSDT PLAINUSDT SECONDSUSDT SILENTUSDT SPIKEUSDT TWICEUSDT WORDUSDT'.split(' '),
    );
    expect(data[0]).toMatchObject({ gaps: 1, missing: 40 });
    expect(data[3]).toMatchObject({ withoutVolume: 4 });
  });

  it('of a shorter length are put together to whole hours, and the reference rule takes them as they are', async () => {
    const quarters = mkdtempSync(join(tmpdir(), 'vigil-backtest-15m-'));
    const short = walk({ seed: 6, count: 4_000, noise: 0.01 });
    const start = at(short, 0).openTime;
    record(
      'BTCUSDT',
      csvOf(short.map((each, i) => ({ ...each, openTime: start + i * 15 * MINUTE }))),
      quarters,
    );
    const { out } = await run('--data', quarters);
    expect(out).toContain('agreement, 1 symbol, candles of 1h');
    expect(out).toContain('data: 999 candles; 0 gaps');
    expect(out).toContain('Candles of 15m were put together to whole hours');
    const reference = await run('--data', quarters, '--strategy', 'band-reversion');
    expect(reference.out).toContain('band-reversion, 1 symbol, candles of 15m');
    expect(reference.out).toContain('data: 4,000 candles');
  });

  it('that are too few leave JSON without a trade and the reason, whatever lay there before', async () => {
    const few = mkdtempSync(join(tmpdir(), 'vigil-backtest-few-'));
    record('TENUSDT', csvOf(walk({ count: 10 })), few);
    record('BACKUSDT', csvOf(walk({ count: 9 }).toReversed()), few);
    const file = join(few, 'out.json');
    writeFileSync(file, 'older');
    const reversion = await run('--data', few, '--strategy', 'band-reversion', '--json', file);
    expect(reversion.status).toBe(0);
    expect(reversion.out).toContain('A trade needs 21 candles: BACKUSDT has 9, TENUSDT has 10.');
    expect(reversion.out).toContain(
      'read as: BACKUSDT: time from "time", times in milliseconds, newest first, candles of 1h',
    );
    expect(jsonOf(file)).toMatchObject({
      signals: [],
      trades: [],
      metrics: { trades: 0, totalReturn: 0 },
    });
    const conservative = await run('--data', few, '--json', file);
    expect(conservative.status).toBe(2);
    const told = jsonOf(file);
    expect(told.trades).toEqual([]);
    expect(told.claim).toContain('nothing to run: BACKUSDT: 8 closed candles, 176 are needed');
    expect(told.metrics).toMatchObject({ trades: 0, startEquity: 10_000, sharpe: null });
  });

  it('a target that cannot be written is refused before anything is read', async () => {
    const { status, err } = await run('--data', '/does/not/exist', '--json', '/proc/x.json');
    expect(status).toBe(2);
    expect(err).toContain('"/proc/x.json" cannot be written');
  });
});

describe('the same candles', () => {
  const candles = walk({ seed: 1, count: 400, noise: 0.012 });
  const folderOf = (files: Readonly<Record<string, string>>): string => {
    const made = mkdtempSync(join(tmpdir(), 'vigil-backtest-same-'));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(made, name), text);
    return made;
  };
  /** A Binance file without a line of names, times in microseconds. */
  const klines = (part: readonly Candle[]): string =>
    part
      .map((each) => {
        const [time, ...figures] = rowOf(each).split(',');
        const end = (each.openTime + HOUR) * 1_000 - 1;
        return [`${time}000`, ...figures, end, 1, 1, 1, 1, 0].join(',');
      })
      .join('\n');
  const hashLine = (out: string): string => out.trimEnd().split('\n').at(-1) ?? '';

  it('give the same trades as one file, as monthly files and newest first', async () => {
    const whole = await run('--data', folderOf({ 'BTCUSDT.csv': csvOf(candles) }));
    expect(jsonTrades(whole.out)).toBeGreaterThan(0);
    const monthly = await run(
      '--data',
      folderOf({
        'BTCUSDT-1h-2021-09.csv': klines(candles.slice(0, 150)),
        'BTCUSDT-1h-2021-10.csv': csvOf(candles.slice(140, 300)),
        'BTCUSDT-1h-2021-11.csv': klines(candles.slice(300)),
      }),
    );
    expect(monthly.out).toContain('agreement, 1 symbol, candles of 1h');
    expect(monthly.out).toContain(
      'read as: BTCUSDT: 3 files joined, Binance klines without a line',
    );
    expect(hashLine(monthly.out)).toBe(hashLine(whole.out));
    const back = await run('--data', folderOf({ 'BTCUSDT.csv': csvOf(candles.toReversed()) }));
    expect(hashLine(back.out)).toBe(hashLine(whole.out));
  });

  const jsonTrades = (out: string): number => Number(/^trades +(\d+)$/m.exec(out)?.[1]);

  it('are refused by name where their times lie off the hour, also in all files', async () => {
    const late = csvOf(candles.map((each) => ({ ...each, openTime: each.openTime + 30 * MINUTE })));
    const both = folderOf({ 'BTCUSDT.csv': late, 'ETHUSDT.csv': late });
    for (const strategy of ['agreement', 'band-reversion']) {
      const { status, err } = await run('--data', both, '--strategy', strategy);
      expect(status).toBe(2);
      expect(err).toContain(
        'nothing to run: BTCUSDT: the file cannot be used: its candles of 1h do not open on a whole 1h',
      );
    }
  });

  it('beside a file whose name tells nothing are used, and that file is named', async () => {
    const files = { 'BTCUSDT.csv': csvOf(candles), 'my notes.csv': 'a,b' };
    const { out } = await run('--data', folderOf(files), '--strategy', 'band-reversion');
    expect(out).toContain(
      'left out: my notes.csv: its name tells no contract; call it BTCUSDT.csv',
    );
    const zip = await run('--data', folderOf({ 'BTCUSDT-1h-2021-09.zip': '' }));
    expect(zip.err).toContain(
      'holds no file SYMBOL.csv.gz or SYMBOL.csv; unpack its .zip files first',
    );
  });
});

it('the program itself says what is wrong and exits with 2, without control characters', () => {
  const root = new URL('../..', import.meta.url).pathname;
  const args = [...nodeArgs('scripts/backtest.ts'), '--data', empty];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root });
  expect([status, stdout.toString()]).toEqual([2, '']);
  expect(stderr.toString()).toBe(
    `backtest: the folder "${empty}" holds no file SYMBOL.csv.gz or SYMBOL.csv\n`,
  );
});

describe('work that is shared out', () => {
  const many = mkdtempSync(join(tmpdir(), 'vigil-backtest-many-'));
  const outs = [1, 2].map((workers) => join(empty, `shared-${workers}.json`));

  beforeAll(() => {
    for (let seed = 1; seed <= 4; seed += 1) {
      const candles = walk({ seed, count: 900, noise: 0.03, volume: 1e6 }).map((each, row) => ({
        ...each,
        openTime: Date.UTC(2024, 0, 1) + row * 4 * HOUR,
      }));
      record(`COIN${seed}USDT`, csvOf(candles), many);
    }
    record('TENUSDT', csvOf(walk({ seed: 3, count: 80 })), many);
  });

  const shared = async (...given: string[]) => {
    const [one, two] = await Promise.all(
      [1, 2].map((workers, place) =>
        run('--data', many, ...given, '--workers', String(workers), '--json', outs[place] ?? ''),
      ),
    );
    expect(one?.err).toBe('');
    expect(two).toEqual(one);
    expect(jsonOf(outs[1] ?? '')).toEqual(jsonOf(outs[0] ?? ''));
    return one?.out ?? '';
  };

  it('tells the same of starts through the gate, whoever did it', async () => {
    const said = await shared('--strategy', 'breakdown', '--fit', '5');
    expect(said).toContain('seen from 5 mornings in the data');
    expect(said).toMatch(/0\.5 % a trade, 30 days +predicted .* seen .* from 5 starts/);
    expect(said).toContain('seen from no start: the data are too short');
    const { seen } = jsonOf(outs[0] ?? '');
    expect(seen.map(({ starts }: { starts: unknown[] }) => starts.length)).toEqual([5, 5, 5]);
  });

  it('tells the same of variants, with what luck would show, and names what is left out', async () => {
    const said = await shared('--strategy', 'breakout', '--vary', 'stopAtrs=1,2;maxStop=0.03,0.05');
    expect(said).toContain('4 variants of breakout over 4 symbols');
    expect(said).toContain(
      'left out: TENUSDT: 19 closed candles, 331 are needed before any signal',
    );
    expect(said).toContain('by luck alone the best of these 4 would show t = 1.1');
    const { variants } = jsonOf(outs[0] ?? '');
    expect(variants).toHaveLength(4);
    expect(variants[0].n).toBeGreaterThan(5);
  });

  it('varies the reference rule too: as it stands it has the signals of a whole run', async () => {
    const strategy = ['--strategy', 'band-reversion'];
    await shared(...strategy, '--vary', 'rsiBelow=30,40;stop=0.015');
    const { variants } = jsonOf(outs[0] ?? '');
    const whole = join(many, '..', 'whole.json');
    await run('--data', many, ...strategy, '--json', whole);
    const { signals } = jsonOf(whole);
    expect(signals.length).toBeGreaterThan(5);
    expect(variants.map(({ n }: { n: number }) => n)).toEqual([signals.length, expect.any(Number)]);
    expect(variants[1].n).toBeGreaterThan(signals.length);
    const sum = signals.reduce((total: number, { r }: { r: number }) => total + r, 0);
    expect(variants[0].meanR).toBeCloseTo(sum / signals.length, 9);
  });

  it('says what is wrong before or after any thread', async () => {
    const refused = async (...given: string[]) =>
      (await run('--data', many, '--workers', '2', ...given)).err;
    expect(await refused('--vary', 'rsi=3')).toContain('"rsi" is not one of');
    expect(await refused('--vary', 'minScore=x')).toContain('numbers from 0 on');
    expect(await refused('--fit', '5')).toContain('told of breakdown and breakout');
    expect(await refused('--fit', '5', '--vary', 'minScore=80')).toContain('exclude each other');
    const short = mkdtempSync(join(tmpdir(), 'vigil-backtest-short-'));
    record('TENUSDT', csvOf(walk({ seed: 3, count: 10 })), short);
    for (const mode of [
      ['--fit', '5', '--workers', '1'],
      ['--vary', 'stopAtrs=1', '--workers', '2'],
    ]) {
      const { status, err } = await run('--data', short, '--strategy', 'breakdown', ...mode);
      expect([status, err]).toEqual([2, expect.stringContaining('nothing to run: TENUSDT')]);
    }
  });
});

it('a file of bytes is named without a control character of it', async () => {
  const bytes = mkdtempSync(join(tmpdir(), 'vigil-backtest-bytes-'));
  writeFileSync(join(bytes, 'BINUSDT.csv'), Buffer.from([0, 1, 27, 91, 50, 74, 10, 0, 44]));
  const { status, err } = await run('--data', bytes);
  expect(status).toBe(2);
  expect(err).toContain('BINUSDT: the file cannot be used: the first line "???[2J" names no time');
  expect(err.trim()).not.toMatch(/\p{Cc}/u);
});
