import { alert } from './alert.ts';
import { alerts } from './alerts.ts';
import { backtest } from './backtest.ts';
import { balance } from './balance.ts';
import { cancel } from './cancel.ts';
import { chart } from './chart.ts';
import type { Command } from './command.ts';
import { evidence } from './evidence.ts';
import { exposure } from './exposure.ts';
import { exportTrades } from './export.ts';
import { halt } from './halt.ts';
import { help } from './help.ts';
import { limits } from './limits.ts';
import { menu } from './menu.ts';
import { panic } from './panic.ts';
import { pnl } from './pnl.ts';
import { policy } from './policy.ts';
import { position } from './position.ts';
import { positions } from './positions.ts';
import { daily, monthly, weekly } from './report.ts';
import { breakeven, close, scaleout, stop, target, timestop, trail } from './manage.ts';
import { resume } from './resume.ts';
import { risk } from './risk.ts';
import { signals } from './signals.ts';
import { size } from './size.ts';
import { start } from './start.ts';
import { status } from './status.ts';
import { strategies } from './strategies.ts';
import { stress } from './stress.ts';
import { performance, trades } from './trades.ts';
import { universe } from './universe.ts';
import { why } from './why.ts';

/** Every command, in the order of /help and of the menu. To add one: its file, and its line here. */
export const COMMANDS: readonly Command[] = [
  status,
  balance,
  positions,
  position,
  close,
  stop,
  target,
  breakeven,
  trail,
  chart,
  scaleout,
  timestop,
  risk,
  exposure,
  stress,
  size,
  limits,
  signals,
  strategies,
  evidence,
  backtest,
  universe,
  pnl,
  daily,
  weekly,
  monthly,
  trades,
  performance,
  exportTrades,
  alerts,
  alert,
  why,
  halt,
  panic,
  resume,
  policy,
  cancel,
  menu,
  help,
  start,
];
