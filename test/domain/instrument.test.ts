import { expect, it } from 'vitest';
import { contractState, contractText } from '../../src/domain/instrument.ts';

it('a contract is what its fields say at that moment', () => {
  const now = Date.UTC(2025, 9, 6);
  const of = (status: Parameters<typeof contractState>[0], at = now) => contractState(status, at);
  expect(of(undefined)).toEqual({ kind: 'unlisted' });
  expect(of({ status: 'open' })).toEqual({ kind: 'open' });
  expect(of({ status: 'open', delistTime: 0 })).toEqual({ kind: 'open' });
  expect(of({ status: 'open', delistTime: now + 1 })).toEqual({ kind: 'delisting', at: now + 1 });
  expect(of({ status: 'open', delistTime: now })).toEqual({ kind: 'delisted', at: now });
  expect(of({ status: 'stopped', delistTime: now })).toEqual({ kind: 'delisted', at: now });
  const soon = of({ status: 'stopped', delistTime: now + 1 });
  expect(soon).toEqual({ kind: 'suspended', status: 'stopped', delistAt: now + 1 });
  expect(contractText(soon)).toBe(
    'suspended: the exchange has stopped trading; it will be delisted 2025-10-06 00:00 UTC',
  );
  expect(contractText(of({ status: 'unknown' }))).toContain('does not explain');
  expect(contractText({ kind: 'unknown' })).toContain('has not said');
  expect(contractText({ kind: 'unlisted' })).toContain('no longer in the exchange');
});
