import { describe, expect, it } from 'vitest';
import { backText, changedMeanwhile } from '../../src/alerts/pulse/away.ts';
import { price, qty } from '../../src/domain/money/money.ts';
import { POSITION, PROTECTION } from '../bot/samples.ts';

const NOW = POSITION.updatedAt;
const held = (positions = [POSITION], protections = [PROTECTION]) => ({
  positions,
  protections,
  at: NOW,
});

describe('what changed while nobody looked', () => {
  it('is nothing where positions and stops are the same', () => {
    expect(changedMeanwhile(held(), held())).toBe('Positions as you left them.');
    expect(changedMeanwhile(held([], []), held([], []))).toBe('No position is open.');
    expect(changedMeanwhile(undefined, held())).toBe('Every position has its stop.');
  });

  it('names what was opened, what is gone, and what has no full stop', () => {
    const other = { ...POSITION, id: 'p2', symbol: 'BTCUSDT' };
    const opened = changedMeanwhile(held(), held([POSITION, other]));
    expect(opened).toMatch(
      /^Meanwhile: .*BTCUSDT long.*; BTCUSDT long is not fully protected by a stop\.$/,
    );
    const gone = changedMeanwhile(held([POSITION, other]), held());
    expect(gone).toMatch(/^Meanwhile: .*BTCUSDT/);
    const part = { ...PROTECTION, stopPrice: price('3950'), stopQty: qty('2.4') };
    expect(changedMeanwhile(held(), held([POSITION], [part]))).toBe(
      'Meanwhile: ETHUSDT long is not fully protected by a stop.',
    );
    expect(changedMeanwhile(undefined, held([POSITION], []))).toContain('not fully protected');
  });

  it('names six changes and counts the rest', () => {
    const many = Array.from({ length: 9 }, (_each, at) => ({
      ...POSITION,
      id: `p${at}`,
      symbol: `A${at}USDT`,
    }));
    const text = changedMeanwhile(held([], []), held(many, []));
    expect(text).toMatch(/; and 12 more\.$/);
  });
});

it('says how long it was away, and whether that was meant', () => {
  const meanwhile = 'Positions as you left them.';
  expect(backText(45_000, { planned: false, takenOver: false, meanwhile })).toBe(
    'I am back. I was away 45 s. It had not been stopped on purpose. Positions as you left them.',
  );
  expect(backText(45_000, { planned: true, takenOver: false, meanwhile })).toContain(
    'It was stopped on purpose.',
  );
  expect(backText(6_000, { planned: false, takenOver: true, meanwhile })).toBe(
    'Another process of mine keeps watch now. Nobody did for 6 s. Positions as you left them.',
  );
});
