/** What Vigil says of its limits, its connections, its memory and itself. */
import { backText, changedMeanwhile } from '../../src/alerts/pulse/away.ts';
import { gapText } from '../../src/alerts/pulse/gap.ts';
import { PULSES } from '../../src/alerts/pulse/pulses.ts';
import { strategyWithdrawn } from '../../src/alerts/rules/strategy-withdrawn.ts';
import { overText, reminderOf, stateOver } from '../../src/alerts/remind.ts';
import * as clock from '../../src/alerts/rules/clock-off.ts';
import * as commands from '../../src/alerts/rules/commands-taken.ts';
import { connectionBack } from '../../src/alerts/rules/connection-back.ts';
import { connectionLost } from '../../src/alerts/rules/connection-lost.ts';
import { feedsDisagree } from '../../src/alerts/rules/feeds-disagree.ts';
import { haltStored } from '../../src/alerts/rules/halt-stored.ts';
import { modeChanged } from '../../src/alerts/rules/halt.ts';
import * as limits from '../../src/alerts/rules/limit-changed.ts';
import { limitWarning } from '../../src/alerts/rules/limit-warning.ts';
import { loneReading } from '../../src/alerts/rules/lone-reading.ts';
import { riskStateRebuilt } from '../../src/alerts/rules/risk-state-rebuilt.ts';
import { scanBehind, scanComplete, strategySpeaks } from '../../src/alerts/rules/scan-behind.ts';
import { unprotected } from '../../src/alerts/rules/unprotected.ts';
import { howLifted } from '../../src/app/halt/how-lifted.ts';
import type { Alert } from '../../src/domain/alert.ts';
import { qty, usd } from '../../src/domain/money/money.ts';
import { HOUR, MINUTE } from '../../src/domain/time.ts';
import { transitionMode, type ModeState } from '../../src/domain/trading-mode.ts';
import { NOW, position } from '../../test/alerts/fixtures.ts';
import { type Words, type Examples, found, several, never } from './words.ts';

const NORMAL: ModeState = { mode: 'normal', reasons: [], since: NOW };
const tightened = (to: 'reduceOnly' | 'halted', evidence: string): ModeState =>
  transitionMode(NORMAL, {
    kind: 'tighten',
    to,
    reason: { trigger: to === 'halted' ? 'daily-loss' : 'account-unread', evidence, at: NOW },
  });

export function ofLimits({ symbol, text, many }: Words): Examples {
  const symbols = several(many, symbol);
  const limit = { id: 'jump', label: text, askedAt: NOW };
  const values = { from: '5 %', to: '7 %' };
  return {
    halt: found(
      ...(modeChanged(NORMAL, tightened('halted', text), howLifted).findings ?? []),
      ...(modeChanged(NORMAL, tightened('reduceOnly', text), howLifted).findings ?? []),
      ...(modeChanged(tightened('halted', text), NORMAL, howLifted).findings ?? []),
    ),
    'halt-stored': [haltStored(NOW)],
    'lone-reading': [
      loneReading(
        { at: NOW, equity: usd('600'), limits: [text] },
        { at: NOW + 5_000, equity: usd('1000') },
      ),
    ],
    'limit-warning': [
      limitWarning(
        {
          key: 'k',
          label: 'daily loss',
          usedPercent: 66,
          sentence: text,
          contributors: symbols,
          trend: text,
        },
        NOW,
      ),
    ],
    'limit-changed': [
      limits.limitWaits(limit, values, NOW + HOUR),
      limits.limitChanged(limit, values, NOW),
      limits.limitDropped(limit, text, NOW),
      limits.limitUnknown({ id: text, askedAt: NOW }, NOW),
    ],
  };
}

export function ofConnections({ symbol, text, many }: Words): Examples {
  const lost = { feed: 'account', lastAt: NOW - MINUTE, openPositions: many, reason: text };
  return {
    'connection-lost': [
      connectionLost(lost, NOW),
      connectionLost({ ...lost, refused: true }, NOW),
      connectionLost({ ...lost, unusable: true }, NOW),
      connectionLost(
        {
          ...lost,
          feed: 'price stream',
          times: 6,
          meanwhile: 'Prices are read every few seconds instead.',
        },
        NOW,
      ),
    ],
    'connection-back': [
      connectionBack(
        { feed: 'account', lostAt: NOW - MINUTE, openPositions: many, paused: true },
        NOW,
      ),
    ],
    'feeds-disagree': [
      feedsDisagree(
        { about: `${symbol} mark price`, stream: '3000', poll: '3100', since: NOW },
        NOW,
      ),
    ],
    'clock-off': [clock.clockOff(90_000, NOW), clock.clockRight(NOW - HOUR, NOW)],
    'commands-taken': [commands.otherListener(NOW), commands.webhookRemoved(NOW)],
  };
}

export function ofMemory({ symbol, text, many }: Words): Examples {
  const symbols = several(many, symbol);
  return {
    'risk-state-rebuilt': found(
      riskStateRebuilt(
        {
          lost: true,
          open: symbols.map((each) => ({ symbol: each, side: 'long' as const, openedAt: NOW })),
          dayResult: usd('-12'),
          dayStartEquity: usd('1000'),
          tradesToday: 2,
          lossStreak: 1,
          coolOffUntil: NOW + HOUR,
          pausedSymbols: symbols,
          peakEquity: usd('1100'),
          since: NOW - 24 * HOUR,
          closed: 4,
          fills: 9,
          held: symbols,
          unproven: symbols,
          unsplit: symbols,
          unpriced: symbols,
        },
        NOW,
      ),
    ),
    'strategy-withdrawn': [
      strategyWithdrawn({ name: 'breakdown', why: text, since: NOW - 24 * HOUR }, NOW),
    ],
    'scan-behind': [
      scanBehind({ candleClosedAt: NOW, scan: { unread: 40, universe: 200, reason: text } }, NOW),
      scanBehind({ candleClosedAt: NOW }, NOW),
      scanBehind(
        { strategy: 'breakdown', symbols: 280, universe: 285, until: NOW, since: NOW },
        NOW,
      ),
      strategySpeaks('breakdown', 12, 285),
      scanComplete({ scored: [], universe: 200, candleClosedAt: NOW } as never),
    ],
  };
}

export function ofVigil({ symbol, many }: Words): Examples {
  const symbols = several(many, symbol);
  const bare: Alert = {
    ...(unprotected(position({ symbol }), { since: NOW - MINUTE, uncovered: qty('0.5') }, NOW) ??
      never()),
    number: 7,
    status: 'sent',
    attempts: 1,
  };
  const state = { id: 'unprotected:p1', told: [bare] as const };
  return {
    'what lasts': found(
      reminderOf(state, undefined, NOW + 5 * MINUTE),
      reminderOf(state, undefined, NOW + HOUR),
      overText(bare, 'Stops for all of it rest at the exchange.'),
      stateOver(state, 'Stops for all of it rest at the exchange.', NOW + HOUR),
    ),
    directly: [
      ...PULSES.map(({ silence, means, todo }) => ({
        title: `${silence} for 40 s.`,
        lines: [means, todo],
      })),
      ...PULSES.map(({ back }) => ({ title: `Back: ${back}.`, lines: [] })),
      ...(['stopped', 'asleep', 'clock set back'] as const).map((kind) => ({
        title: gapText({
          kind,
          ms: 65_000,
          before: { steady: 0, wall: NOW - 65_000 },
          after: { steady: 65_000, wall: NOW },
        }),
        lines: [],
      })),
      ...[true, false].map((planned) => ({
        title: backText(HOUR, {
          planned,
          takenOver: !planned,
          meanwhile: changedMeanwhile(
            { positions: [], protections: [], at: NOW },
            {
              positions: symbols.map((each, index) => position({ id: `p${index}`, symbol: each })),
              protections: [],
              at: NOW,
            },
          ),
        }),
        lines: [],
      })),
    ],
  };
}
