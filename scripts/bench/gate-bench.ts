import { checkEntry } from '../../src/risk/gate/gate.ts';
import { gateInput } from '../../test/risk/fixtures.ts';
import type { Figure } from './figure.ts';
import { quantile } from './quantile.ts';

const ROUNDS = 20;
const VERDICTS = 2_000;

/** Cost of one verdict of the risk gate with two positions open. */
export async function gateBench(): Promise<readonly Figure[]> {
  const input = gateInput();
  const verdict = checkEntry(input);
  const costs: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now();
    for (let each = 0; each < VERDICTS; each += 1) checkEntry(input);
    costs.push(((performance.now() - start) * 1_000) / VERDICTS);
  }
  return [
    {
      what: `one verdict (${verdict.kind}), median`,
      value: `${quantile(costs, 0.5).toFixed(1)} us`,
      aim: 'under 50 us',
    },
  ];
}
