/** What lasts, on a clock that the test turns: told again, seen, worse, over. */
import { describe, expect, it } from 'vitest';
import { overText, reminderOf, stateOver, type ToldState } from '../../src/alerts/remind.ts';
import { unprotected } from '../../src/alerts/rules/unprotected.ts';
import type { Alert, Finding } from '../../src/domain/alert.ts';
import { qty } from '../../src/domain/money/money.ts';
import { HOUR, MINUTE, SECOND } from '../../src/domain/time.ts';
import { NOW, position } from './fixtures.ts';

const naked = (at: number, uncovered = '0.5'): Finding => {
  const found = unprotected(position(), { since: at - 11_000, uncovered: qty(uncovered) }, at);
  if (found === undefined) throw new Error('nothing is told');
  return found;
};

/** A state and whatever is told of it, from its first alert on. */
class Timeline {
  readonly told: Alert[] = [];
  presentAt: number | undefined;

  constructor(first: Finding = naked(NOW)) {
    this.tell(first);
  }

  tell(finding: Finding): void {
    this.told.push({ ...finding, number: this.told.length + 1, status: 'sent', attempts: 1 });
  }

  get state(): ToldState {
    const [first, ...others] = this.told;
    if (first === undefined) throw new Error('nothing was told');
    return { id: 'unprotected:p1', told: [first, ...others] };
  }

  /** Looks every 5 s and returns when it was told again, in minutes since the beginning. */
  run(fromMs: number, toMs: number): number[] {
    const minutes: number[] = [];
    for (let at = NOW + fromMs; at <= NOW + toMs; at += 5 * SECOND) {
      const again = reminderOf(this.state, this.presentAt, at);
      if (again === undefined) continue;
      this.tell(again);
      minutes.push((at - NOW) / MINUTE);
    }
    return minutes;
  }
}

describe('a state that lasts', () => {
  it('is told again at 5, 15 and 60 minutes and then every hour', () => {
    expect(new Timeline().run(0, 4 * HOUR)).toEqual([5, 15, 60, 120, 180, 240]);
  });

  it('is told at the moment and not before', () => {
    const { state } = new Timeline();
    expect(reminderOf(state, undefined, NOW + 5 * MINUTE - 1)).toBeUndefined();
    expect(reminderOf(state, undefined, NOW + 5 * MINUTE)).toBeDefined();
  });

  it('becomes louder, names its first message and never has a key twice', () => {
    const line = new Timeline();
    line.run(0, 3 * HOUR);
    const titles = line.told.map(({ title }) => title);
    expect(titles.slice(0, 2)).toEqual([
      'ETHUSDT long has no stop',
      'Still, for 5 min now: ETHUSDT long has no stop',
    ]);
    expect(titles.at(-1)).toBe('STILL, FOR 3 h 00 min NOW: ETHUSDT long has no stop');
    expect(line.told[1]?.lines[0]).toBe('First told as #1.');
    expect(line.told[1]?.lines.join(' ')).toContain('Place a stop');
    expect(line.told[1]?.severity).toBe('critical');
    expect(line.told[1]?.buttons).toEqual(line.told[0]?.buttons);
    expect(new Set(line.told.map(({ key }) => key)).size).toBe(line.told.length);
  });

  it('is told once more 4 hours after the owner was there, and no more', () => {
    const line = new Timeline();
    expect(line.run(0, 7 * MINUTE)).toEqual([5]);
    line.presentAt = NOW + 8 * MINUTE;
    expect(line.run(8 * MINUTE, 24 * HOUR)).toEqual([248]);
    line.presentAt = NOW + 30 * HOUR;
    expect(line.run(30 * HOUR, 40 * HOUR)).toEqual([34 * 60]);
  });

  it('is not seen by an owner who was there before it began', () => {
    const line = new Timeline();
    line.presentAt = NOW - 1;
    expect(line.run(0, 20 * MINUTE)).toEqual([5, 15]);
  });

  it('that becomes worse begins anew although it was seen', () => {
    const line = new Timeline(naked(NOW, '0.2'));
    line.presentAt = NOW + MINUTE;
    expect(line.run(MINUTE, 2 * HOUR)).toEqual([]);
    const worse = naked(NOW + 2 * HOUR);
    expect(worse.key).not.toBe(line.told[0]?.key);
    line.tell(worse);
    expect(line.run(2 * HOUR, 3 * HOUR)).toEqual([125, 135, 180]);
    expect(line.told.at(-1)?.title).toContain('has no stop');
  });

  it('is told once after a gap in which nobody could tell it', () => {
    expect(new Timeline().run(3.5 * HOUR, 4.5 * HOUR)).toEqual([210, 240]);
  });
});

describe('a state that is over', () => {
  it('says so in its messages and in one of its own', () => {
    const line = new Timeline();
    line.run(0, 10 * MINUTE);
    expect(overText(line.told[0] as Alert, 'A stop rests.')).toEqual({
      title: 'Over: ETHUSDT long has no stop',
      lines: ['A stop rests.'],
      good: true,
    });
    const over = stateOver(line.state, 'A stop rests.', NOW + 12 * MINUTE);
    expect(over).toMatchObject({
      title: 'Over: ETHUSDT long has no stop',
      lines: ['A stop rests.', 'It lasted for 12 min; first told as #1.'],
      severity: 'info',
      good: true,
    });
    expect(over.key).toBe(stateOver(line.state, 'Other words.', NOW).key);
  });
});
