import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSendLane, turnOf, type SendLane } from '../../src/bot/delivery/send-lane.ts';
import { finding } from './samples.ts';

const CHAT = '1001';

interface Lane extends SendLane {
  now: number;
  /** Sends as many of that kind as go at this moment. */
  burst(turn: Parameters<SendLane['spend']>[1]): number;
}

function laneAt(now = 0): Lane {
  const state = { now };
  const lane = createSendLane(() => state.now);
  return Object.assign(state, {
    ...lane,
    burst: (turn: Parameters<SendLane['spend']>[1]) => {
      let count = 0;
      for (; lane.waitMs(CHAT, turn) === 0; count += 1) lane.spend(CHAT, turn);
      return count;
    },
  });
}

describe('what one chat takes', () => {
  it('is a burst of alerts and then less than one a second, so that an answer always goes at once', () => {
    const lane = laneAt();
    expect(lane.burst('news')).toBe(6);
    expect(lane.burst('warning')).toBe(1);
    expect(lane.burst('urgent')).toBe(1);
    expect(lane.waitMs(CHAT, 'urgent')).toBe(1_250);
    for (let second = 1; second <= 600; second += 1) {
      lane.now = second * 1_000;
      lane.burst('urgent');
      expect(lane.waitMs(CHAT, 'reply'), `after ${second} s`).toBe(0);
    }
    expect(lane.burst('reply')).toBe(19);
  });

  it('goes to an answer that waits before it goes to an alert', async () => {
    const lane = laneAt();
    lane.burst('reply');
    const answer = lane.ready(CHAT, 'reply');
    lane.now = 1_000;
    expect(lane.waitMs(CHAT, 'reply')).toBe(0);
    expect(lane.waitMs(CHAT, 'urgent')).toBe(1_000);
    await answer;
    lane.spend(CHAT, 'reply');
    expect(lane.waitMs(CHAT, 'reply')).toBe(1_000);
  });

  it('is nothing while Telegram asks to wait, then one a second; other chats go on', () => {
    const lane = laneAt();
    lane.flooded(CHAT, 300);
    expect(lane.waitMs('2002', 'news')).toBe(0);
    lane.now = 299_999;
    for (const turn of ['reply', 'urgent', 'news'] as const)
      expect(lane.waitMs(CHAT, turn)).toBeGreaterThan(0);
    lane.now = 300_000;
    expect(lane.burst('urgent')).toBe(1);
    expect(lane.waitMs(CHAT, 'reply')).toBe(1_000);
  });

  it('never is more than a burst and one a second, whoever asks', () => {
    const turns = fc.constantFrom('reply', 'urgent', 'warning', 'news' as const);
    const steps = fc.array(fc.record({ after: fc.nat(3_000), turn: turns }), { maxLength: 300 });
    fc.assert(
      fc.property(steps, (all) => {
        const lane = laneAt();
        const sent: number[] = [];
        for (const { after, turn } of all) {
          lane.now += after;
          if (lane.waitMs(CHAT, turn as 'reply') > 0) continue;
          lane.spend(CHAT, turn as 'reply');
          sent.push(lane.now);
        }
        for (const [first, from] of sent.entries())
          for (const [last, to] of sent.entries())
            if (last >= first)
              expect(last - first + 1).toBeLessThanOrEqual(21 + (to - from) / 1_000);
      }),
    );
  });
});

it('an alert has its place by what is at stake', () => {
  expect(turnOf(finding('a', { severity: 'critical' }))).toBe('urgent');
  expect(turnOf(finding('a', { severity: 'info', stakes: 'cost' }))).toBe('urgent');
  expect(turnOf(finding('a', { severity: 'warning' }))).toBe('warning');
  expect(turnOf(finding('a', { severity: 'info' }))).toBe('news');
  expect(turnOf(finding('a', { severity: 'warning', good: true }))).toBe('news');
});
