/**
 * `npm run replay -- --data DIR --from TIME --to TIME`: the whole of Vigil over recorded candles, with an owner who approves signals
 * by the chat's buttons; then a report of what the limits did, with every basis point of the losses explained.
 */
import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Redis } from 'ioredis';
import { messageOf } from '../src/app/reading/reading.ts';
import { percent } from '../src/domain/money/money.ts';
import { formatUtc, MINUTE } from '../src/domain/time.ts';
import { equityChart } from '../src/bot/charts/equity-chart.ts';
import { createLocalRenderer } from '../src/charts/local-renderer.ts';
import { runCommand, type ValuesOf } from '../src/process/options.ts';
import { startRedis } from '../src/process/redis/server.ts';
import { createStore, type Store } from '../src/store/store.ts';
import { cleanUp, freePort, newFolder, startDemo } from '../test/acceptance/demo-process.ts';
import { optionsOf, REPLAY_COMMAND, type Options } from './replay/options.ts';
import { play, type Played } from './replay/play.ts';
import { csvOf, dailyLimitOf, reportOf } from './replay/report.ts';
import { runTrails } from './replay/trails.ts';
import { decisionsOf, momentsOf, tradesOf } from './replay/watch.ts';
import { countText } from '../src/domain/words/words.ts';

const ALERTS = 5_000;
const PROPOSALS = 500;
const quiet = { info: () => undefined, warn: () => undefined };

/** A folder with links to the chosen candles, which stay where they are. */
function marketOf({ data, symbols }: Options, folder: string): string {
  if (!existsSync(data))
    throw REPLAY_COMMAND.wrong(`--data: the folder ${resolve(data)} does not exist.`);
  if (symbols === undefined) return resolve(data);
  const chosen = join(folder, 'candles');
  mkdirSync(chosen);
  const files = readdirSync(data);
  for (const symbol of symbols) {
    const file = files.find((name) => name.replace(/\.csv(\.gz)?$/, '') === symbol);
    if (file === undefined)
      throw REPLAY_COMMAND.wrong(`--symbols: ${data} has no candles of ${symbol}.`);
    symlinkSync(join(resolve(data), file), join(chosen, file));
  }
  return chosen;
}

async function write(options: Options, played: Played, store: Store): Promise<void> {
  const [alerts, proposals] = await Promise.all([
    store.outbox.recent(ALERTS),
    store.proposals.recent(PROPOSALS),
  ]);
  const halts = alerts
    .filter((each) => each.kind === 'halt' && each.severity !== 'info')
    .map(({ at, key }) => ({ at, label: key.split(':')[1] ?? 'halt' }));
  const chart = equityChart({
    points: played.points,
    title: 'Equity of the replay',
    currency: 'USDT',
    halts,
  });
  const png = await createLocalRenderer().render(chart, { width: 1_000, height: 560 });
  const report = reportOf({
    dailyLimit: dailyLimitOf(options.limits),
    ...played,
    command: `npm run replay -- ${process.argv.slice(2).map(quoted).join(' ')}`,
    trades: tradesOf(played.closed, proposals),
    decisions: decisionsOf(proposals),
    moments: momentsOf(alerts),
  });
  await mkdir(options.out, { recursive: true });
  await writeFile(join(options.out, 'report.md'), report);
  await writeFile(join(options.out, 'equity.csv'), csvOf(played.points));
  await writeFile(join(options.out, 'equity.png'), png);
  console.log(report);
}

/** Prints each stop that filled against what it said, and what was not as promised. */
async function trail(
  { data, from, to, symbols = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT'] }: Options,
  { away, minutes }: Pick<ValuesOf<typeof REPLAY_COMMAND>, 'away' | 'minutes'>,
): Promise<number> {
  const { fills, broken, looks, steps } = await runTrails({
    market: { kind: 'replay', dir: resolve(data), from, symbols },
    to,
    symbols,
    share: percent(String(away)),
    stepMs: minutes * MINUTE,
    note: console.log,
  });
  for (const each of fills) {
    const slipped = `${(each.slipped * 100).toFixed(2)} % worse`;
    console.log(
      `${formatUtc(each.at)}  ${each.symbol} ${each.side}: stop ${each.planned}, filled ${each.came}, ${slipped}`,
    );
  }
  for (const each of broken) console.log(each);
  const worst = Math.max(0, ...fills.map(({ slipped }) => slipped));
  console.log(
    `${countText(looks, 'look')}, ${countText(steps, 'step')} nearer, ${countText(fills.length, 'stop')} filled, the worst ${(worst * 100).toFixed(2)} % past its stop; ${broken.length} broken.`,
  );
  return broken.length === 0 ? 0 : 1;
}

const quoted = (word: string): string => (/[\s;]/.test(word) ? `'${word}'` : word);

async function main(values: ValuesOf<typeof REPLAY_COMMAND>): Promise<number> {
  const options = optionsOf(values);
  if (values.what.length > 0) return trail(options, values);
  const folder = newFolder();
  const market = marketOf(options, folder);
  const redis = await startRedis({
    dir: join(folder, 'redis'),
    persist: true,
    cacheDir: '.cache',
    log: quiet,
  });
  const port = await freePort();
  const connection = new Redis(redis.url);
  const store = createStore(connection, `demo-${port}`);
  const place = [
    '--replay',
    market,
    '--from',
    new Date(options.from).toISOString().replace(/\.\d+Z$/, 'Z'),
    '--port',
    String(port),
  ];
  try {
    const demo = await startDemo({
      folder,
      args: [...place, '--speed', String(options.speed)],
      env: { REDIS_URL: redis.url },
    });
    await write(options, await play(options, demo, store), store);
    demo.interrupt();
    await demo.ended;
    return 0;
  } finally {
    store.close();
    connection.disconnect();
    await redis.stop();
    await cleanUp();
  }
}

try {
  process.exitCode = await runCommand(REPLAY_COMMAND, main);
} catch (error) {
  console.error(`replay: ${messageOf(error)}`);
  process.exitCode = 1;
}
