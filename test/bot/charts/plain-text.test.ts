import { describe, expect, it } from 'vitest';
import { caption, plainText, wrapText } from '../../../src/bot/charts/plain-text.ts';

describe('text for pictures', () => {
  it('loses emoji, control characters and doubled spaces', () => {
    expect(plainText('🚀 To  the\n\u200Bmoon 👩🏽‍🚀🇩🇪 50 %', 50)).toBe('To the moon 50 %');
  });

  it('keeps letters of other alphabets, arrows and dashes', () => {
    expect(plainText('Öl, Цена, 价格 ↑ –', 50)).toBe('Öl, Цена, 价格 ↑ –');
  });

  it('is cut with an ellipsis, never inside a character', () => {
    expect(plainText('abcdefgh', 5)).toBe('abcd…');
    expect(plainText('abc𝒳𝒳𝒳', 5)).toBe('abc…');
  });

  it('wraps at spaces', () => {
    expect(wrapText('Drawdown from the peak of all', 18, 2)).toEqual([
      'Drawdown from the',
      'peak of all',
    ]);
    expect(wrapText('Averyveryverylongword', 10, 2)).toEqual(['Averyveryv', 'erylongwo…']);
  });
});

describe('caption', () => {
  it('joins sentences and ends at 1,024 characters', () => {
    expect(caption(['One.', '', 'Two.'])).toBe('One. Two.');
    expect(caption(['x'.repeat(2000)])).toHaveLength(1024);
  });
});
