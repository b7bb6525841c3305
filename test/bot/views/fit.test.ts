import { describe, expect, it } from 'vitest';
import { bold, fit, linesOf } from '../../../src/bot/views/fit.ts';

describe('a text that is too long', () => {
  it.each(['', 'a'])('is cut between characters of two units (after %j)', (first) => {
    const { text } = fit(linesOf([first + '😀'.repeat(100)]), 120);
    expect(text.length).toBeLessThanOrEqual(120);
    expect(() => encodeURIComponent(text)).not.toThrow();
  });

  it('keeps only the entities that are still in it', () => {
    const { text, entities } = fit(
      linesOf([bold('x'.repeat(60)), bold('y'.repeat(60)), bold('z')]),
      120,
    );
    const cutAt = text.indexOf('\n… (cut');
    expect(entities).toHaveLength(2);
    for (const { offset, length } of entities) expect(offset + length).toBeLessThanOrEqual(cutAt);
  });

  it('is left alone when it fits', () => {
    const text = linesOf([bold('short')]);
    expect(fit(text, 5)).toBe(text);
  });
});
