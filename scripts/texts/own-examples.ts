/** Examples of what the owner has asked to be told of, and of what comes at its hour. */
import { contractClosing } from '../../src/alerts/rules/contract-closing.ts';
import { fundingAhead } from '../../src/alerts/rules/funding-ahead.ts';
import { heldLong } from '../../src/alerts/rules/held-long.ts';
import { strategyWithdrawn } from '../../src/alerts/rules/strategy-withdrawn.ts';
import { morningReport } from '../../src/alerts/rules/morning-report.ts';
import { ownAlertReached } from '../../src/alerts/rules/own-alert.ts';
import type { OwnCondition } from '../../src/alerts/own-alert.ts';
import { timeStopDue, timeStopSet } from '../../src/alerts/rules/time-stop.ts';
import { percent, price } from '../../src/domain/money/money.ts';
import { DAY, HOUR, MINUTE } from '../../src/domain/time.ts';
import { NOW, position } from '../../test/alerts/fixtures.ts';
import type { Examples, Words } from './words.ts';

const CONDITIONS: readonly OwnCondition[] = [
  { kind: 'price', price: price('60000'), towards: 'up' },
  { kind: 'move', share: percent('-5'), windowMs: HOUR },
  { kind: 'funding', share: percent('0.1'), signed: false },
];

export function ofWishes({ symbol, text, many }: Words): Examples {
  const one = position({ symbol });
  const nextAt = NOW + 40 * MINUTE;
  const funding = { symbol, rate: percent('2.5'), intervalHours: 8, nextAt };
  const due = fundingAhead(one, [], { funding, mark: price('3000'), now: NOW });
  const closes = contractClosing(one, { kind: 'delisting', at: NOW + 48 * HOUR }, NOW);
  const stopped = contractClosing(one, { kind: 'suspended', status: 'stopped' }, NOW);
  const own = { id: 3, symbol, madeAt: NOW - HOUR, told: 0 };
  const seen = { mark: price('60012'), funding: percent('0.11'), at: NOW };
  const stop = { positionId: one.id, symbol, hours: 4, at: NOW, signedAt: NOW - 4 * HOUR };
  return {
    'time-stop': [timeStopSet(stop, 'change:1', NOW), timeStopDue(stop, one, NOW)],
    'own-alert': CONDITIONS.map((condition, index) =>
      ownAlertReached({ ...own, condition, repeat: index === 0 }, seen),
    ),
    'funding-ahead': due === undefined ? [] : [due],
    'contract-closing': [closes, stopped].filter((each) => each !== undefined),
    'held-long': [heldLong(one, one.openedAt + 14 * DAY)].filter((each) => each !== undefined),
    'strategy-withdrawn': [strategyWithdrawn({ name: 'breakdown', why: text, since: 0 }, NOW)],
    'morning-report': [
      morningReport({ date: '2025-10-10', lines: Array.from({ length: many }, () => text) }, NOW),
    ],
  };
}
