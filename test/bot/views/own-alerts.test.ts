import { expect, it } from 'vitest';
import type { OwnAlert } from '../../../src/app/ports/own-alert-store.ts';
import { ownAlertsView } from '../../../src/bot/views/own-alerts.ts';
import { price } from '../../../src/domain/money/money.ts';

it('says how often each was told, once as once', () => {
  const condition = { kind: 'price', price: price('60000'), towards: 'up' } as const;
  const own: Omit<OwnAlert, 'told'> = {
    id: 1,
    symbol: 'BTCUSDT',
    condition,
    repeat: true,
    madeAt: 0,
  };
  const said = (told: number): string =>
    ownAlertsView([{ ...own, told }], { now: 0, venueMode: 'demo', speed: 1 }, undefined).text;
  expect(said(1)).toContain('each time, told 1 time\n');
  expect(said(2)).toContain('each time, told 2 times\n');
});
