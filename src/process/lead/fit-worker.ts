import { parentPort } from 'node:worker_threads';
import type { FitRequest } from '../../app/ports/fits.ts';
import { fitOf } from '../../backtest/fit/limit-fit.ts';
import { recordedOutcomes } from '../../backtest/fit/recorded-outcomes.ts';

const STARTS = 1_000;
/** Park and Miller: the same question has the same answer. */
function generator(): () => number {
  let state = 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

parentPort?.once('message', ({ strategies, limits, risks }: FitRequest) => {
  const outcomes = recordedOutcomes(strategies);
  parentPort?.postMessage(
    risks.map((risk) => fitOf({ outcomes, limits, risk, starts: STARTS, random: generator() })),
  );
});
