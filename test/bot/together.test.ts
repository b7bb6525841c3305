/** Several alerts in one message: what one look finds of a kind, and a list that Telegram refuses. */
import { describe, expect, it } from 'vitest';
import { planTogether } from '../../src/bot/delivery/catch-up.ts';
import { createGathering } from '../../src/bot/delivery/held-back.ts';
import type { Alert, Finding } from '../../src/domain/alert.ts';
import { type Rig, rigsOfFile } from './rig.ts';
import { eventually, textOf } from './phone.ts';
import { finding } from './samples.ts';

const rigs = rigsOfFile();

const SYMBOLS = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT'] as const;
const FOREIGN = 'Vigil did not do this: it was done by hand or by another program.';
const openedBy = (symbol: string, over: Partial<Finding> = {}): Finding =>
  finding(`position-opened:${symbol}`, {
    kind: 'position-opened',
    stakes: 'foreign',
    title: `${symbol} long opened`,
    lines: [`Stop of ${symbol} resting.`, FOREIGN],
    ...over,
  });

const started = async (findings: readonly Finding[], faults: object[] = []): Promise<Rig> =>
  rigs.open({
    before: async ({ outbox }, phone) => {
      for (const each of findings) await outbox.raise(each);
      for (const each of faults) await phone.post('/user/fault', each);
    },
  });

const said = async ({ world, phone }: Rig) => {
  await eventually(
    () => world.outbox.rows.every((each) => each.status === 'sent') || undefined,
    () => JSON.stringify(world.outbox.rows.map((each) => [each.number, each.status])),
  );
  return (await phone.messages()).filter((each) => each.from === 'bot');
};

describe('what one look finds of a kind', () => {
  it('is one message that rings, each whole, and what all say once', async () => {
    const opened = await started([
      ...SYMBOLS.map((each) => openedBy(each)),
      finding('limit-warning:a', { kind: 'limit-warning', title: 'One limit' }),
      openedBy('XRPUSDT', { severity: 'info', stakes: 'news' }),
    ]);
    const [first, ...others] = await said(opened);
    expect(others).toHaveLength(2);
    const text = first === undefined ? '' : textOf(first);
    expect(first?.silent).toBe(false);
    expect(text).toMatch(/^🟠 3 positions were opened or enlarged\n/);
    for (const [index, symbol] of SYMBOLS.entries())
      expect(text).toContain(`#${index + 1} ${symbol} long opened\nStop of ${symbol} resting.`);
    expect(text.split(FOREIGN)).toHaveLength(2);
    expect(text).toMatch(/\n2025-10-10 12:00 UTC · demo[^\n]*$/);
  });

  it('fits into messages however much it is, and nothing of it is lost or told twice', () => {
    const alerts: Alert[] = Array.from({ length: 200 }, (_, index) => ({
      ...openedBy(`C${index}😀<b>_*`.repeat(index === 7 ? 900 : 3)),
      number: index + 1,
      status: 'queued',
      attempts: 0,
    }));
    const parts = planTogether(alerts, () => false, 'live');
    const told = parts.flatMap((each) => each.alerts.map(({ number }) => number));
    expect(told.toSorted((a, b) => a - b)).toEqual(
      alerts.map(({ number }) => number).filter((each) => each !== 8),
    );
    for (const { text, alerts: of } of parts) {
      expect(text.text.length).toBeLessThanOrEqual(4_096);
      for (const each of of) expect(text.text).toContain(`#${each.number} ${each.title}\n`);
    }
  });
});

describe('limits that are nearly used', () => {
  const warning = (number: number, over: Partial<Finding> = {}): Alert => ({
    ...finding(`w${number}`, { kind: 'limit-warning', ...over }),
    number,
    status: 'queued',
    attempts: 0,
  });

  it('wait 30 s for each other, nothing waits for them, and a halt meanwhile makes them old', () => {
    const clock = { now: 7 };
    const gathering = createGathering(() => clock.now);
    const due = (...alerts: Alert[]) => gathering(alerts).due.map(({ number }) => number);
    const halt = warning(3, { kind: 'halt', severity: 'critical' });
    expect(due(warning(1))).toEqual([]);
    clock.now += 29_999;
    expect(due(warning(1), warning(2), halt)).toEqual([3]);
    clock.now += 1;
    const { due: none, overtaken } = gathering([warning(1), warning(2)]);
    expect(none).toEqual([]);
    expect([overtaken?.by, overtaken?.alerts.length]).toEqual([halt, 2]);
    expect(due()).toEqual([]);
    expect(due(warning(4))).toEqual([]);
    // Of its first 30 s no halt came.
    clock.now += 30_000;
    expect(gathering([warning(4)])).toEqual({ due: [warning(4)] });
  });
});

describe('a list', () => {
  it('that Telegram refuses is told one by one', async () => {
    const keys = ['a', 'b', 'c', 'd', 'e', 'f'];
    const opened = await started(
      keys.map((key) => finding(key)),
      [{ method: 'sendMessage', kind: '400', count: 1 }],
    );
    const texts = (await said(opened)).map(textOf);
    expect(texts).toHaveLength(keys.length);
    for (const key of keys) expect(texts.join('\n')).toContain(`Happening ${key}`);
  });

  it('and an answer hold no half of a character, for which Telegram refuses them whole', async () => {
    const emoji = ['', 'x'].map((odd) => `${odd}${'😀'.repeat(200)}`);
    const opened = await started(
      ['a', 'b', 'c', 'd', 'e', 'f'].map((key, index) =>
        finding(key, { title: `${key}${emoji[index % 2]}` }),
      ),
    );
    const texts = (await said(opened)).map(textOf);
    expect(texts).toHaveLength(1);
    expect(texts[0]).toContain('Catch-up: 6 messages');
    for (const each of emoji) {
      await opened.phone.send(`/alerts ${each}`);
      await opened.phone.hears('so nothing was changed');
    }
  });
});
