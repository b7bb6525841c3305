import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Quirks } from '../../src/simulator/venue/quirks.ts';
import { ACCOUNT_CASES } from './account-cases.ts';
import { ORDER_CASES } from './order-cases.ts';
import { PUBLIC_CASES } from './public-cases.ts';
import { ACCOUNT_STREAM_CASES, STREAM_CASES } from './stream-cases.ts';
import { venueTarget, type VenueTarget } from './venue-target.ts';

const CASES = [
  ...PUBLIC_CASES,
  ...STREAM_CASES,
  ...ORDER_CASES,
  ...ACCOUNT_CASES,
  ...ACCOUNT_STREAM_CASES,
];

/** Everything that sources disagree on, turned the other way. */
const DOCUMENTED: Partial<Quirks> = {
  accountShape: 'array',
  positionSide: 'LONG_SHORT',
  realizedPnl: 'gross',
  feeSign: 'negative',
  numbers: 'numbers',
  tpslReply: 'object',
  formingCandle: true,
  swappedVolumes: true,
  fundingShape: 'array',
  statusUnderscore: true,
  omittedLeg: 'keep',
  attachedTpsl: 'position',
  tpslOnClose: 'linger',
  nonceReuse: false,
};

const EXCHANGES = [
  { name: 'as seen live, hedge mode', quirks: {}, positionMode: 'HEDGE' },
  { name: 'as seen live, one-way mode', quirks: {}, positionMode: 'ONE_WAY' },
  { name: 'as documented', quirks: DOCUMENTED, positionMode: 'HEDGE' },
] as const;

describe.each(EXCHANGES)('the simulated exchange $name', ({ quirks, positionMode }) => {
  let target: VenueTarget;
  beforeAll(async () => {
    const { API_KEY: apiKey, SECRET_KEY: secretKey } = await import('./venue-target.ts');
    target = await venueTarget({
      quirks,
      accounts: [{ apiKey, secretKey, balance: '10000', positionMode }],
    });
  });
  afterAll(() => target.close());

  it.each(CASES)('$id: $holds', async ({ run }) => {
    expect(await run(target)).toBeTypeOf('string');
  });
});
