/** Runs a strategy over recorded candles: `npm run backtest -- --data DIR`; `--help` lists everything. */
import { backtest } from './backtest-command.ts';

process.exitCode = await backtest(process.argv.slice(2), {
  print: (text) => console.log(text),
  complain: (text) => console.error(text),
});
