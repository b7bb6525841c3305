import { describe, expect, it } from 'vitest';
import type { Account } from '../../src/domain/account.ts';
import type { Finding } from '../../src/domain/alert.ts';
import { howLifted } from '../../src/app/halt/how-lifted.ts';
import { price, qty, ratio, usd } from '../../src/domain/money/money.ts';
import type { Proposal } from '../../src/domain/proposal.ts';
import { transitionMode, type ModeState } from '../../src/domain/trading-mode.ts';
import { connectionBack } from '../../src/alerts/rules/connection-back.ts';
import { connectionLost } from '../../src/alerts/rules/connection-lost.ts';
import { feedsDisagree } from '../../src/alerts/rules/feeds-disagree.ts';
import { modeChanged } from '../../src/alerts/rules/halt.ts';
import { liquidationNear } from '../../src/alerts/rules/liquidation-near.ts';
import { limitWarning } from '../../src/alerts/rules/limit-warning.ts';
import { otherCoins } from '../../src/alerts/rules/other-coins.ts';
import { orderUnknown } from '../../src/alerts/rules/order-unknown.ts';
import { positionClosed } from '../../src/alerts/rules/position-closed.ts';
import { positionGone } from '../../src/alerts/rules/position-gone.ts';
import { positionOpened } from '../../src/alerts/rules/position-opened.ts';
import { signalFound } from '../../src/alerts/rules/signal.ts';
import { stopHit } from '../../src/alerts/rules/stop-hit.ts';
import { targetHit } from '../../src/alerts/rules/target-hit.ts';
import { unprotected } from '../../src/alerts/rules/unprotected.ts';
import { closedPosition, NOW, position } from './fixtures.ts';

const NORMAL: ModeState = { mode: 'normal', reasons: [], since: 0 };

const proposal: Proposal = {
  id: 'ETHUSDT-long-1',
  nonce: 'AAAAAAAAAAAAAAAAAAAAAA',
  signal: {
    id: 'ETHUSDT-long-1',
    symbol: 'ETHUSDT',
    side: 'long',
    entry: price('3000'),
    stop: price('2955'),
    target: price('3120'),
    rewardRisk: 2.4,
    strategy: 'agreement',
    score: 80,
    criteria: [],
    atrFraction: 0.0075,
    turnover: 5_000_000,
    category: 'layer 1',
    candleClosedAt: NOW,
  },
  plan: {
    entry: price('3001.5'),
    qty: qty('0.31'),
    notional: usd('930'),
    margin: usd('186'),
    leverage: 5,
    risk: usd('14.98'),
    riskFraction: ratio('0.015'),
    fees: usd('1.11'),
    rewardRisk: ratio('2.4'),
    boundBy: 'risk per trade',
  },
  band: { low: price('2990'), high: price('3010') },
  status: 'pending',
  createdAt: NOW,
  deadline: NOW + 900_000,
  clientId: 'v1',
};

const halt = (to: 'reduceOnly' | 'halted', code: string, from = NORMAL): ModeState =>
  transitionMode(from, {
    kind: 'tighten',
    to,
    reason: { trigger: code, evidence: `Because of ${code}.`, at: NOW },
  });

const level = {
  positionId: 'p1',
  symbol: 'ETHUSDT',
  side: 'long',
  kind: 'stop',
  price: price('2955'),
  qty: qty('0.5'),
  entryPrice: price('3000'),
} as const;
const tick = { symbol: 'ETHUSDT', mark: price('2954'), at: NOW };
const open = { since: NOW - 42_000, uncovered: qty('0.5') };

/** One of every kind, as it would be sent. */
const EVERY: readonly (Finding | undefined)[] = [
  signalFound(proposal),
  positionOpened(undefined, position()),
  positionClosed(closedPosition()),
  positionGone(position(), NOW),
  stopHit(level, tick),
  targetHit({ ...level, kind: 'target', price: price('3120') }, { ...tick, mark: price('3121') }),
  unprotected(position(), open, NOW),
  modeChanged(NORMAL, halt('halted', 'daily-loss'), howLifted).findings?.[0],
  limitWarning(
    {
      key: 'daily-loss:60:0',
      label: 'daily loss',
      usedPercent: 66,
      sentence: '66 % used.',
      contributors: [],
    },
    NOW,
  ),
  connectionLost({ feed: 'price stream', lastAt: NOW - 90_000, openPositions: 2 }, NOW),
  connectionBack({ feed: 'price stream', lostAt: NOW - 90_000, openPositions: 0 }, NOW),
  orderUnknown({
    clientId: 'v1',
    symbol: 'ETHUSDT',
    intent: 'open a long of 0.31',
    reason: 'the reply was lost.',
    at: NOW,
  }),
  feedsDisagree({ about: 'ETHUSDT mark price', stream: '3000', poll: '3100', since: NOW }, NOW),
];

describe('every alert', () => {
  it('is a title on one line and lines that stand alone', () => {
    for (const finding of EVERY) {
      expect(finding).toBeDefined();
      expect(finding?.title).toMatch(/^[A-Z0-9][^\n]{5,90}$/);
      for (const line of finding?.lines ?? []) expect(line).toMatch(/^[A-Z0-9][^\n]*[.0-9a-z]$/);
    }
  });

  it('shows no raw fixed-point number and nothing undefined', () => {
    for (const finding of EVERY) {
      const text = [finding?.title, ...(finding?.lines ?? [])].join(' ');
      expect(text).not.toMatch(/undefined|NaN|\[object|\d{12}/);
    }
  });

  it('has a key of its own', () => {
    expect(new Set(EVERY.map((each) => each?.key)).size).toBe(EVERY.length);
  });
});

describe('a signal', () => {
  it('says what it costs at worst and that nothing happens by itself', () => {
    const found = signalFound(proposal);
    expect(found?.title).toBe('Signal: ETHUSDT long');
    expect(found?.lines).toEqual([
      'Buy 930.00 USDT at 3,001.5, stop 2,955, target 3,120',
      'The stop costs 14.98 USDT (1.5 %), the target pays 2.40 times that',
      'Approve within 15 min',
    ]);
  });

  it('tells the time to answer on the reader’s clock too, where the venue’s runs faster', () => {
    expect(signalFound(proposal, { speed: 15 })?.lines.at(-1)).toBe(
      'Approve within 15 min (60 s for you)',
    );
  });

  it('is not told once it no longer waits', () => {
    expect(signalFound({ ...proposal, status: 'expired' })).toBeUndefined();
  });
});

describe('a change of the mode', () => {
  it('is critical when trading halts and a warning when entries are held', () => {
    const severity = (to: 'halted' | 'reduceOnly') =>
      modeChanged(NORMAL, halt(to, 'a'), howLifted).findings?.map((each) => each.severity);
    expect(severity('halted')).toEqual(['critical']);
    expect(severity('reduceOnly')).toEqual(['warning']);
  });

  it('shows a further reason in the message of the first, newest first, and nothing without a change', () => {
    const first = halt('halted', 'a');
    const [told] = modeChanged(NORMAL, first, howLifted).findings ?? [];
    const { findings, revisions } = modeChanged(first, halt('halted', 'b', first), howLifted);
    expect(findings).toBeUndefined();
    expect(revisions).toMatchObject([
      { key: told?.key, title: 'Trading is halted, for 2 reasons', state: { id: 'halted:all' } },
    ]);
    expect(revisions?.[0]?.lines.slice(0, 2)).toEqual(['Because of b.', 'Because of a.']);
    // A message that the store does not have cannot show it.
    expect(revisions?.[0]?.otherwise).toMatchObject({ severity: 'critical' });
    expect(modeChanged(first, first, howLifted)).toEqual({});
    expect(modeChanged(NORMAL, NORMAL, howLifted)).toEqual({});
  });

  it('rings for what comes on top of a halt by the owner, and where it becomes tighter', () => {
    const byOwner = halt('halted', 'owner');
    const worse = modeChanged(byOwner, halt('halted', 'daily-loss', byOwner), howLifted);
    expect(worse.findings).toMatchObject([{ severity: 'critical' }]);
    const paused = halt('reduceOnly', 'data-health');
    const halted = modeChanged(paused, halt('halted', 'daily-loss', paused), howLifted);
    expect(halted.findings).toMatchObject([{ severity: 'critical' }]);
  });

  it('shows every further reason in the one message that rang on top of a halt by the owner', () => {
    for (const first of [undefined, 'weekly-loss']) {
      const paused = first === undefined ? NORMAL : halt('reduceOnly', first);
      const later = (trigger: string, from: ModeState): ModeState =>
        transitionMode(from, {
          kind: 'tighten',
          to: 'halted',
          reason: { trigger, evidence: '', at: (from.reasons.at(-1)?.at ?? NOW) + 1 },
        });
      const byOwner = later('owner', paused);
      const worse = later('daily-loss', byOwner);
      const [rang] = modeChanged(byOwner, worse, howLifted).findings ?? [];
      expect(rang?.severity).toBe('critical');
      const more = later('drawdown', later('owner', worse));
      const { findings, revisions } = modeChanged(later('owner', worse), more, howLifted);
      expect(findings).toBeUndefined();
      expect(revisions?.map(({ key }) => key)).toEqual([rang?.key]);
      expect(rang?.key).not.toBe(modeChanged(paused, byOwner, howLifted).findings?.[0]?.key);
    }
  });

  it('is told when a person lifts it', () => {
    const { reasons: judged } = halt('halted', 'a');
    const lifted = transitionMode(halt('halted', 'a'), {
      kind: 'resume',
      at: NOW + 1,
      by: 7,
      judged,
    });
    expect(modeChanged(halt('halted', 'a'), lifted, howLifted).findings).toMatchObject([
      { title: 'New trades are possible again' },
    ]);
  });
});

describe('a lost connection', () => {
  it('is critical while positions are open and says that their stops keep working', () => {
    const lost = (openPositions: number): Finding =>
      connectionLost({ feed: 'account', lastAt: NOW - 61_000, openPositions }, NOW);
    expect([lost(1).severity, lost(0).severity]).toEqual(['critical', 'warning']);
    expect(lost(1).title).toBe('No connection to the exchange: account silent for 61 s');
    expect(lost(1).lines.join(' ')).toContain(
      '1 position is open. Stops at the exchange keep working.',
    );
  });

  it('is called one only where nothing answers: an answer that cannot be used is another matter', () => {
    const title = (lastAt?: number): string => {
      const since = lastAt === undefined ? {} : { lastAt };
      return connectionLost({ feed: 'account', ...since, unusable: true }, NOW).title;
    };
    expect(title(NOW - 61_000)).toBe(
      "The exchange's answers cannot be used: account not read for 61 s",
    );
    expect(title()).toBe("The exchange's answers cannot be used: account never read");
  });

  it('has one key per gap', () => {
    const at = (now: number): string =>
      connectionLost({ feed: 'account', lastAt: NOW, openPositions: 0 }, now).key;
    expect(at(NOW + 60_000)).toBe(at(NOW + 120_000));
  });
});

describe('an unprotected position', () => {
  it('says how long, what is at stake and what to do', () => {
    expect(unprotected(position(), open, NOW)).toMatchObject({
      title: 'ETHUSDT long has no stop',
      lines: [
        'Nothing has limited its loss for 42 s. Margin 300.00 USDT. Liquidation at 2,420.',
        'Place a stop, or close it: /positions.',
      ],
    });
  });

  it('names the part that is not covered', () => {
    const part = unprotected(position(), { ...open, uncovered: qty('0.2') }, NOW);
    expect(part?.title).toBe('ETHUSDT long has no stop for 0.2 of 0.5');
    expect(part?.lines[0]).toContain('Nothing has limited the loss of that part for 42 s.');
    expect(part?.state?.lines[0]).toContain('Nothing limits the loss of that part.');
  });

  it('is told again when more of it is not covered', () => {
    const key = (uncovered: string, size = '0.5') =>
      unprotected(position({ qty: qty(size) }), { ...open, uncovered: qty(uncovered) }, NOW)?.key;
    const keys = ['0.05', '0.2', '0.3', '0.45', '0.5'].map((each) => key(each));
    expect(new Set(keys).size).toBe(keys.length);
    expect(key('0.05')).toBe(key('0.1'));
    // It grew, and the stop did not.
    expect(key('4.1', '5')).not.toBe(key('0.1', '1'));
  });

  it('near liquidation says nothing of its stops when it is told again: one may rest by then', () => {
    const near = { position: position(), protections: [], gone: 50, since: NOW };
    const found = liquidationNear(near, { mark: price('2710'), at: NOW });
    expect(found.lines).toContain('NO STOP is resting.');
    expect(found.state?.lines.join(' ')).not.toContain('NO STOP');
  });
});

describe('a closed position', () => {
  it('adds up: price, fees and funding make the net result', () => {
    const { gross, fees, funding, net } = closedPosition();
    expect(gross - fees + funding).toBe(net);
    expect(positionClosed(closedPosition()).lines).toEqual([
      'In at 3,000, out at 2,954.2, held 60 min.',
      'Price -22.90 USDT, fees -1.79 USDT, funding -0.12 USDT.',
    ]);
  });

  it('claims no result where costs are unknown, in a liquidation neither', () => {
    const { leverage: _, ...bare } = closedPosition({ costsUnknown: true, fees: usd('0') });
    const found = [positionClosed(bare), positionClosed({ ...bare, liquidated: true })];
    for (const { title, lines } of found) {
      expect(title).toContain('USDT before costs that are unknown');
      expect(lines.join(' ')).toContain('The exchange does not say all that it cost');
      expect(lines.join(' ')).not.toMatch(/fees 0|undefined|funding -/);
    }
    expect(found[1]?.lines.join(' ')).toContain('out at 2,954.2, held 60 min.');
  });

  it('shows a zero without a sign', () => {
    const even = positionClosed(closedPosition({ net: usd('0.001'), funding: usd('0') }));
    expect(even.title).toBe('ETHUSDT long closed: 0.00 USDT');
  });
});

describe('an account that other coins stand behind', () => {
  const account = (over: Partial<Account>): Account => ({
    marginCoin: 'USDT',
    available: usd('-187.07'),
    frozen: usd('0'),
    margin: usd('186.68'),
    unrealisedPnl: usd('-3.66'),
    bonus: usd('0'),
    positionMode: 'hedge',
    at: NOW,
    ...over,
  });

  it('is told once, with the equity in USDT and what to do', () => {
    const found = otherCoins(undefined, account({}), NOW);
    expect(found).toMatchObject({ severity: 'warning', kind: 'notice' });
    expect(found?.lines.join(' ')).toMatch(/-4\.05 USDT.*multi-asset.*Single-asset/);
    expect(otherCoins(account({}), account({}), NOW + 1)).toBeUndefined();
  });

  it.each([
    ['one cent of equity is left', { available: usd('-183.01') }],
    ['nothing is open', { available: usd('-1'), margin: usd('0'), unrealisedPnl: usd('0') }],
  ])('is none when %s', (_, over) => {
    expect(otherCoins(undefined, account(over), NOW)).toBeUndefined();
  });

  it('is one from the exact end of the equity on', () => {
    expect(otherCoins(undefined, account({ available: usd('-183.02') }), NOW)).toBeDefined();
  });
});

describe('a position in another coin', () => {
  it.each([
    ['BTCUSDT', false],
    ['BTCUSDC', true],
    ['BTCUSD', true],
  ])('%s says so: %s', (symbol, says) => {
    const opened = positionOpened(undefined, position({ symbol }));
    expect(opened?.lines.some((line) => line.includes('another coin than USDT'))).toBe(says);
  });
});
