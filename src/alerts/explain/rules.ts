import type { Finding } from '../../domain/alert.ts';
import { clockOff, clockRight } from '../rules/clock-off.ts';
import { closing, closingLeft, entriesCancelled } from '../rules/closing.ts';
import { otherListener, webhookRemoved } from '../rules/commands-taken.ts';
import { connectionBack } from '../rules/connection-back.ts';
import { connectionLost } from '../rules/connection-lost.ts';
import { feedsDisagree } from '../rules/feeds-disagree.ts';
import { haltStored } from '../rules/halt-stored.ts';
import { modeChanged } from '../rules/halt.ts';
import { levelsMoved } from '../rules/levels-moved.ts';
import { limitChanged, limitDropped, limitUnknown, limitWaits } from '../rules/limit-changed.ts';
import { limitWarning } from '../rules/limit-warning.ts';
import { liquidationNear } from '../rules/liquidation-near.ts';
import { loneReading } from '../rules/lone-reading.ts';
import { marginHigh } from '../rules/margin-high.ts';
import { doneInPart, notOpened } from '../rules/not-as-approved.ts';
import { notOurs, stopVanished } from '../rules/not-ours.ts';
import {
  orderChanged,
  orderElsewhere,
  orderGone,
  orderNotBelieved,
} from '../rules/order-elsewhere.ts';
import { orderUnknown } from '../rules/order-unknown.ts';
import { otherCoins } from '../rules/other-coins.ts';
import { policySigned } from '../rules/policy-signed.ts';
import { positionClosed } from '../rules/position-closed.ts';
import { positionGone } from '../rules/position-gone.ts';
import { heldLong } from '../rules/held-long.ts';
import { strategyWithdrawn } from '../rules/strategy-withdrawn.ts';
import { contractClosing } from '../rules/contract-closing.ts';
import { fundingAhead } from '../rules/funding-ahead.ts';
import { morningReport } from '../rules/morning-report.ts';
import { ownAlertReached } from '../rules/own-alert.ts';
import {
  changeInPart,
  changeNotDone,
  changeUnknown,
  closedMeanwhile,
  levelsPlaced,
} from '../rules/position-managed.ts';
import { positionModeChanged } from '../rules/position-mode.ts';
import { positionOpened } from '../rules/position-opened.ts';
import { positionReduced } from '../rules/position-reduced.ts';
import { positionSettings } from '../rules/position-settings.ts';
import { riskStateRebuilt } from '../rules/risk-state-rebuilt.ts';
import { scanBehind } from '../rules/scan-behind.ts';
import { signalFound } from '../rules/signal.ts';
import { stopFailed } from '../rules/stop-failed.ts';
import { stopHit } from '../rules/stop-hit.ts';
import { stopNotNeeded, stopNotPlaced, stopPlaced } from '../rules/stop-placed.ts';
import { targetHit } from '../rules/target-hit.ts';
import { moneyCame, moneyLeft, moneyTaken } from '../rules/unexplained-money.ts';
import { unprotected } from '../rules/unprotected.ts';

type ModeChanged = Parameters<typeof modeChanged>;

/** The message of its own, also where one that was told already shows it; with the ways to lift it as a table, which an alert can keep. */
function modeMessage(
  before: ModeChanged[0],
  after: ModeChanged[1],
  lifted: ReadonlyMap<string, string>,
): Finding | undefined {
  const told = modeChanged(before, after, (trigger) => lifted.get(trigger) ?? '');
  return told.findings?.[0] ?? told.revisions?.[0]?.otherwise;
}

/** Every rule, with what it decides and when it speaks, to follow "Told when". */
export const RULES = {
  changeInPart: {
    decide: changeInPart,
    when: 'the exchange closed less of a position than you asked for',
  },
  changeNotDone: {
    decide: changeNotDone,
    when: 'a change of a position that you asked for was not made',
  },
  changeUnknown: {
    decide: changeUnknown,
    when: 'what became of a change of a position that you asked for cannot be seen',
  },
  closedMeanwhile: {
    decide: closedMeanwhile,
    when: 'a position closed before a change that you asked for could be read back',
  },
  levelsPlaced: {
    decide: levelsPlaced,
    when: 'a change of a position that you asked for was made and read back',
  },
  clockOff: {
    decide: clockOff,
    when: "the machine's clock and the exchange's differ by more than is safe",
  },
  clockRight: { decide: clockRight, when: "the machine's clock and the exchange's agree again" },
  closing: { decide: closing, when: 'a closing that was asked for has made a step' },
  closingLeft: { decide: closingLeft, when: 'a closing that was asked for left something open' },
  connectionBack: { decide: connectionBack, when: 'what was lost delivers again' },
  connectionLost: {
    decide: connectionLost,
    when: 'something that I watch by has delivered nothing for too long',
  },
  doneInPart: { decide: doneInPart, when: 'an order that was approved was carried out in part' },
  entriesCancelled: {
    decide: entriesCancelled,
    when: 'entry orders were to be cancelled, and the exchange was read back',
  },
  feedsDisagree: {
    decide: feedsDisagree,
    when: 'pushed and read prices of one contract stayed apart',
  },
  contractClosing: {
    decide: contractClosing,
    when: 'the exchange says that the contract of an open position closes or has closed',
  },
  fundingAhead: {
    decide: fundingAhead,
    when: 'a funding payment of a tenth of what a position risks is due within an hour',
  },
  heldLong: { decide: heldLong, when: 'a position is open for 14 days, longer than any record' },
  haltStored: {
    decide: haltStored,
    when: 'a halt that was told without my memory has been written down',
  },
  levelsMoved: {
    decide: levelsMoved,
    when: 'the stops or targets of a position are not where the last look had them',
  },
  limitChanged: { decide: limitChanged, when: 'a limit was changed' },
  limitDropped: {
    decide: limitDropped,
    when: 'a change of a limit that waited was refused in the end',
  },
  limitUnknown: {
    decide: limitUnknown,
    when: 'a change of a limit that waited belongs to a limit that is not known',
  },
  limitWaits: { decide: limitWaits, when: 'a looser limit was asked for, and waits its time' },
  limitWarning: { decide: limitWarning, when: 'three quarters of a limit are used, or more' },
  liquidationNear: {
    decide: liquidationNear,
    when: 'half, three quarters or nine tenths of the way from entry to liquidation are gone',
  },
  loneReading: {
    decide: loneReading,
    when: 'one reading of the account halted trading and the next did not confirm it',
  },
  marginHigh: {
    decide: marginHigh,
    when: 'the exchange needs 60 % or 80 % of the margin as maintenance margin',
  },
  modeChanged: {
    decide: modeMessage,
    when: 'trading was paused, halted or let go on, or got one more reason',
  },
  moneyCame: { decide: moneyCame, when: 'the wallet holds more than trades explain' },
  moneyLeft: { decide: moneyLeft, when: 'the wallet holds less than trades explain' },
  moneyTaken: { decide: moneyTaken, when: 'you said that money left which you did not take out' },
  morningReport: { decide: morningReport, when: 'your hour of the day has come' },
  notOpened: { decide: notOpened, when: 'an order that was approved was refused' },
  notOurs: {
    decide: notOurs,
    when: 'a position changed, and nothing that I asked for explains it',
  },
  orderChanged: { decide: orderChanged, when: 'an order that I did not place was changed' },
  orderElsewhere: { decide: orderElsewhere, when: 'an order rests that I did not place' },
  orderGone: { decide: orderGone, when: 'an order that I did not place is not listed any more' },
  orderNotBelieved: {
    decide: orderNotBelieved,
    when: 'an order of mine rests that I had taken for something else',
  },
  orderUnknown: { decide: orderUnknown, when: 'what became of an order cannot be found out' },
  otherCoins: { decide: otherCoins, when: 'coins other than USDT stand behind the account' },
  otherListener: {
    decide: otherListener,
    when: 'Telegram said that another program answers for this bot',
  },
  ownAlertReached: {
    decide: ownAlertReached,
    when: 'a price, a move or a funding rate that you named is reached',
  },
  policySigned: { decide: policySigned, when: 'the policy of closing was signed or taken back' },
  positionClosed: {
    decide: positionClosed,
    when: "a position ended by the exchange's own list of closed ones",
  },
  positionGone: {
    decide: positionGone,
    when: 'a position is not listed any more, neither as open nor as closed',
  },
  positionModeChanged: {
    decide: positionModeChanged,
    when: 'the account was switched between one-way and hedge mode',
  },
  positionOpened: {
    decide: positionOpened,
    when: 'a position is listed that was not there at the last look, or it has grown',
  },
  positionReduced: { decide: positionReduced, when: 'a position is smaller than at the last look' },
  positionSettings: {
    decide: positionSettings,
    when: 'leverage or margin mode of a position changed',
  },
  riskStateRebuilt: {
    decide: riskStateRebuilt,
    when: 'what I knew of the day was lost and was worked out anew',
  },
  scanBehind: { decide: scanBehind, when: 'the look for signals is behind its candles' },
  signalFound: {
    decide: signalFound,
    when: 'a strategy found what it looks for, and the gate let it pass',
  },
  strategyWithdrawn: {
    decide: strategyWithdrawn,
    when: 'what a strategy did live speaks against it',
  },
  stopFailed: { decide: stopFailed, when: 'a stop fired and its order was not carried out' },
  stopHit: { decide: stopHit, when: 'the mark price touched the stop, or passed it' },
  stopNotNeeded: {
    decide: stopNotNeeded,
    when: 'a stop was to be placed and was not needed any more',
  },
  stopNotPlaced: { decide: stopNotPlaced, when: 'a stop was to be placed and could not be' },
  stopPlaced: { decide: stopPlaced, when: 'a stop was placed and read back' },
  stopVanished: {
    decide: stopVanished,
    when: 'a stop that covered a whole position is not listed any more',
  },
  targetHit: { decide: targetHit, when: 'the mark price touched the target, or passed it' },
  unprotected: {
    decide: unprotected,
    when: 'for more than 10 s no working stop has covered all of a position',
  },
  webhookRemoved: {
    decide: webhookRemoved,
    when: "Telegram named a web address that took this bot's messages",
  },
} as const;
