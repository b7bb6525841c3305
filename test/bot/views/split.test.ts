import { FormattedString } from '@grammyjs/parse-mode';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { splitText } from '../../../src/bot/views/split.ts';

/** Half of a character of two units. */
const LONE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])/;
const FOOTER = '#12 · 2025-10-10 12:00 UTC · demo';
/** Markup characters, emoji, right-to-left, long lines and none. */
const line = fc.oneof(
  fc.constantFrom('a_b *c* <b>', '😀'.repeat(300), 'مرحبا بالعالم', '', 'x'.repeat(6_000)),
  fc.string({ unit: 'grapheme', maxLength: 200 }).map((text) => text.replaceAll('\n', ' ')),
);

it('loses nothing, splits no character and keeps the footer under each part', () => {
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 200 }), (lines) => {
      const text = lines.join('\n');
      const parts = splitText(new FormattedString(text), FOOTER, 4_096);
      for (const [index, part] of parts.entries()) {
        expect(part.text.length).toBeLessThanOrEqual(4_096);
        const count = parts.length === 1 ? '' : ` (${index + 1} of ${parts.length})`;
        expect(part.text.endsWith(`\n${FOOTER}${count}`)).toBe(true);
        expect(part.text).not.toMatch(LONE);
      }
      const bodies = parts.map((part) => part.text.slice(0, part.text.lastIndexOf(`\n${FOOTER}`)));
      expect(bodies.join('')).toBe(text);
    }),
    { numRuns: 100 },
  );
});

it('keeps what is bold where it was', () => {
  const title = FormattedString.b('Title');
  const parts = splitText(FormattedString.join([title, 'x'.repeat(5_000)], '\n'), FOOTER, 4_096);
  expect(parts).toHaveLength(2);
  expect(parts[0]?.entities).toEqual([{ type: 'bold', offset: 0, length: 5 }]);
  expect(parts[1]?.entities).toEqual([]);
});
