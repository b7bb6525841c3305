/** Alerts of a real account keep what they were decided by, through the store, and the same rule decides the same again. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { decideAgain } from '../../src/alerts/explain/decide-again.ts';
import { refreshAccount } from '../../src/app/account/refresh-account.ts';
import { tighten } from '../../src/app/halt/tighten.ts';
import { whyAlert } from '../../src/app/telling/why-alert.ts';
import type { Alert } from '../../src/domain/alert.ts';
import { price } from '../../src/domain/money/money.ts';
import { openRedis, eventually, type RealRedis } from '../store/real-redis.ts';
import { openVigil, type Vigil } from './vigil.ts';

let redis: RealRedis;
let vigil: Vigil;
beforeAll(async () => {
  redis = await openRedis();
  vigil = await openVigil({ redis });
});
afterAll(async () => {
  await vigil.close();
  await redis.close();
});

const told = async (kind: Alert['kind']): Promise<Alert> =>
  eventually(kind, async () => {
    await refreshAccount(vigil.ports);
    const { number } = (await vigil.ports.telling.recent(50)).find(
      (each) => each.kind === kind,
    ) ?? { number: 0 };
    return vigil.ports.telling.find(number);
  });

it('explains itself in figures and is decided the same again', async () => {
  await refreshAccount(vigil.ports);
  await vigil.control('position', {
    symbol: 'ETHUSDT',
    side: 'LONG',
    notional: '1000',
    leverage: 2,
  });
  const naked = await told('unprotected');
  const reason = {
    trigger: 'daily-loss',
    evidence: 'The day lost 3 %.',
    at: vigil.ports.clock.now(),
  };
  await tighten(vigil.ports, { kind: 'tighten', to: 'halted', reason });
  for (const alert of [naked, await told('position-opened'), await told('halt')]) {
    const { verdict, lines } = whyAlert(alert);
    expect(verdict, alert.title).toBe('same');
    expect(lines.join('\n')).not.toMatch(/undefined|\[object|NaN/);
  }
  expect(whyAlert(naked).lines).toContain('• contract: ETHUSDT');
});

it('says so where its figures give something else, and where only its words were changed', async () => {
  const naked = await told('unprotected');
  expect(decideAgain({ ...naked, title: 'Over: it' })?.verdict).toBe('reworded');
  const [position, open, at] = naked.basis?.inputs ?? [];
  const other = {
    rule: 'unprotected',
    inputs: [position, { ...(open as object), uncovered: price('0') }, at],
  };
  expect(decideAgain({ ...naked, basis: other })?.verdict).toBe('differs');
  expect(decideAgain({ ...naked, basis: { rule: 'none', inputs: [] } })).toBeUndefined();
});

it('has no answer to a number that nothing was told under', async () => {
  expect(await vigil.ports.telling.find(9_999)).toBeUndefined();
});
