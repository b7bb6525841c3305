import type { Account } from '../../domain/account.ts';
import { walletOf } from '../../domain/account.ts';
import {
  abs,
  max,
  percent,
  scaleBy,
  sub,
  sumUsd,
  usdText,
  ZERO_USD,
  type Usd,
} from '../../domain/money/money.ts';
import type { Position } from '../../domain/position.ts';
import { refuse, type Refusal } from '../terms/refusal.ts';
import type { LimitRule } from './rule.ts';

/** Two requests see slightly different moments: differences up to this part of the wallet are no contradiction. */
const TOLERANCE = percent('1');

/**
 * Account and positions come from two requests, so that one wrong answer contradicts the other: a list that is empty or doubled, a
 * balance in the wrong field, a profit that only one of them knows. Then neither is believed.
 */
export const readingsAgree: LimitRule = ({ account, positions }) => {
  if (account === undefined || positions === undefined) return undefined;
  return (
    listedTwice(positions) ?? marginsDiffer(account, positions) ?? profitsDiffer(account, positions)
  );
};

const contradiction = (limit: string, observed: string, sentence: string): Refusal =>
  refuse('readings-disagree', { limit, observed }, sentence);

function listedTwice(positions: readonly Position[]): Refusal | undefined {
  const names = positions.flatMap(({ id, symbol, side }) => [id, `${symbol} ${side}`]);
  const twice = names.find((each, n) => names.indexOf(each) !== n);
  if (twice === undefined) return undefined;
  const sentence = `The exchange lists the position ${twice} twice; entries wait for a reading that can be right.`;
  return contradiction('each position once', `${twice} twice`, sentence);
}

const toleranceOf = (account: Account): Usd =>
  scaleBy(max(abs(walletOf(account)), ZERO_USD), TOLERANCE, 'up');

/** One is told exactly, the other rounded and, across margin modes, counted differently: only more than twice is a contradiction. */
function marginsDiffer(account: Account, positions: readonly Position[]): Refusal | undefined {
  const listed = sumUsd(positions.map((each) => each.margin));
  const few = account.margin < listed ? account.margin : listed;
  const many = account.margin < listed ? listed : account.margin;
  if (many <= 2n * few + toleranceOf(account)) return undefined;
  const observed = `${usdText(account.margin)} and ${usdText(listed)}`;
  const sentence = `The account has ${usdText(account.margin)} locked in positions, the positions that are listed ${usdText(listed)}; one of them is wrong.`;
  return contradiction('the same margin in account and positions', observed, sentence);
}

function profitsDiffer(account: Account, positions: readonly Position[]): Refusal | undefined {
  const listed = sumUsd(positions.map((each) => each.unrealisedPnl));
  if (abs(sub(account.unrealisedPnl, listed)) <= toleranceOf(account)) return undefined;
  const observed = `${usdText(account.unrealisedPnl)} and ${usdText(listed)}`;
  const sentence = `The account shows an open result of ${usdText(account.unrealisedPnl)}, the positions that are listed ${usdText(listed)}; one of them is wrong.`;
  return contradiction('the same open result in account and positions', observed, sentence);
}
