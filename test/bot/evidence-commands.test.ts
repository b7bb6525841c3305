import { describe, expect, it, vi } from 'vitest';
import type {
  BacktestQueue,
  BacktestMessage,
  BacktestState,
} from '../../src/app/ports/backtests.ts';
import { signalFound } from '../../src/alerts/rules/signal.ts';
import { breakEvenOf, evidenceLines } from '../../src/backtest/study/evidence.ts';
import { sideText } from '../../src/backtest/study/side-record.ts';
import { recordOf } from '../../src/backtest/study/measured.ts';
import { alertParts } from '../../src/bot/views/alert.ts';
import { CAPTION_LIMIT } from '../../src/bot/views/fit.ts';
import { rigsOfFile } from './rig.ts';
import { textOf } from './phone.ts';
import { PROPOSAL } from './samples.ts';

const { open } = rigsOfFile();

const DONE: BacktestState = {
  kind: 'done',
  title: 'Backtest quick',
  lines: ['Only 4 trades: too few for any claim (30 are needed).'],
  equity: [
    { at: 1, equity: 500 },
    { at: 2, equity: 501 },
  ],
  halts: [],
};

/** A queue whose jobs go through these states, one a look. */
function queueOf(states: BacktestState[]): BacktestQueue & { readonly asked: string[] } {
  const asked: string[] = [];
  let pending: BacktestMessage[] = [];
  return {
    asked,
    ask: async ({ preset }) => void asked.push(preset),
    save: async () => undefined,
    read: async () => (states.length > 1 ? states.shift() : states[0]),
    pending: async () => pending,
    addPending: async (message) => void pending.push(message),
    reported: async (id) => {
      pending = pending.filter((each) => each.id !== id);
    },
  };
}

it('/evidence says plainly that no edge was found', async () => {
  const { phone } = await open();
  await phone.send('/evidence');
  const first = await phone.hears('Evidence, page 1 of 5');
  expect(textOf(first)).toContain('No edge was found');
  // One screen of a phone, about 40 letters a row.
  const rows = textOf(first)
    .split('\n')
    .map((line) => Math.ceil(line.length / 40));
  expect(rows.reduce((sum, each) => sum + each, 0)).toBeLessThan(30);
  let answer = '';
  for (let page = 2; !answer.includes('agreement:'); page += 1) {
    const shown = await phone.hears('Evidence, page');
    await phone.tap(
      shown.id,
      shown.keyboard?.flat().find(({ text }) => text === 'Next')?.callback_data ?? '',
    );
    answer = textOf(await phone.hears(`Evidence, page ${page} of 5`));
  }
  for (const each of recordOf('agreement').measurements) {
    for (const record of each.sides) {
      const text = sideText(record, breakEvenOf('agreement'));
      expect(answer).toContain(`• ${record.side}: ${text} (${each.data})`);
    }
  }
  expect(answer).toMatch(/By year: 2021 .*, 2022 .*, 2023 /);
  expect(answer).toContain('With an account, all limits and the emergency stop');
  expect(answer).toContain('unavailable, signals are not tracked here');
});

it('a card with every warning and long names fits under its picture', () => {
  const signal = { ...PROPOSAL.signal, symbol: '1000000BABYDOGEUSDT', score: 82 };
  const card = signalFound({ ...PROPOSAL, signal, status: 'pending' }, { speed: 20 });
  if (card === undefined) throw new Error('no card');
  const evidence = [
    '⚠️ The record speaks against it: such signals lost (spot 2021-2023, perpetuals 2025-10).',
    ...evidenceLines({ strategy: 'breakdown', side: 'short' }, []),
  ];
  const lines = [...card.lines, recordOf('breakdown').finding, ...evidence];
  const venue = 'demo, no real money, 600x speed';
  const alert = { ...card, lines, number: 1234, status: 'sent', attempts: 1 } as const;
  expect(alertParts(alert, { venue, repeat: true }, CAPTION_LIMIT)).toHaveLength(1);
});

it('/universe explains why a symbol is out', async () => {
  const { phone } = await open();
  await phone.send('/universe nonsense');
  expect(textOf(await phone.hears('not listed'))).toContain('Use its name there');
  await phone.send('/universe');
  expect(textOf(await phone.hears('Universe:'))).toContain('contracts are scanned');
});

describe('/backtest', () => {
  it('lists the presets when none is named', async () => {
    const { phone } = await open();
    await phone.send('/backtest gut');
    const answer = textOf(await phone.hears('no preset'));
    expect(answer).toContain('• quick: BTC ETH MANA, 7 days, 500 USDT');
  });

  it('shows progress and result in one message', async () => {
    const queue = queueOf([{ kind: 'running', text: 'Reading candles: BTCUSDT, 1 of 3' }, DONE]);
    const { phone } = await open({ ports: { backtests: queue } });
    await phone.send('/backtest quick');
    const first = await phone.hears('Waiting for its turn');
    const last = await phone.hears('too few for any claim');
    expect(last.id).toBe(first.id);
    expect(queue.asked).toEqual(['quick']);
  });

  it('shows the result after a restart in the middle, once', async () => {
    const states: BacktestState[] = [{ kind: 'running', text: 'Running 3 symbols' }];
    const queue = queueOf(states);
    const { phone, restart } = await open({ ports: { backtests: queue } });
    await phone.send('/backtest quick');
    const first = await phone.hears('Running 3 symbols');
    expect(await queue.pending()).toHaveLength(1);
    states.push(DONE);
    await restart();
    const last = await phone.hears('too few for any claim');
    expect(last.id).toBe(first.id);
    await vi.waitFor(async () => expect(await queue.pending()).toEqual([]));
  });

  it('tells after ten minutes that no result came', async () => {
    let now = 1_700_000_000_000;
    const queue = queueOf([{ kind: 'running', text: 'Running 3 symbols' }]);
    const { phone } = await open({ ports: { backtests: queue }, bot: { wallNow: () => now } });
    await phone.send('/backtest quick');
    await phone.hears('Running 3 symbols');
    now += 10 * 60_000;
    await phone.hears('no result came within 10 minutes');
    await vi.waitFor(async () => expect(await queue.pending()).toEqual([]));
  });

  it('says why it did not run', async () => {
    const queue = queueOf([{ kind: 'failed', reason: 'MANAUSDT: not listed here' }]);
    const { phone } = await open({ ports: { backtests: queue } });
    await phone.send('/backtest quick');
    expect(textOf(await phone.hears('It did not run'))).toContain('MANAUSDT: not listed');
  });
});
