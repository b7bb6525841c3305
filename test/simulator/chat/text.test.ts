import { describe, expect, test } from 'vitest';

import type { Entity } from '../../../src/simulator/chat/message.ts';
import { messageText } from '../../../src/simulator/chat/text/formatted-text.ts';

function parsed(text: string, parseMode: string): string {
  const formatted = messageText({ text, parseMode, entities: undefined });
  const words = formatted.entities.map((entity: Entity) => {
    const extra = entity.url ?? entity.language ?? '';
    return `${entity.type} ${entity.offset}+${entity.length}${extra === '' ? '' : ` ${extra}`}`;
  });
  return [formatted.text, ...words].join(' | ');
}

function refused(text: string, parseMode: string): string {
  try {
    return parsed(text, parseMode);
  } catch (error) {
    return error instanceof Error
      ? error.message.replace("Bad Request: can't parse entities: ", '')
      : '';
  }
}

describe('HTML', () => {
  test.each([
    ['<b>a</b> <i>b</i>', 'a b | bold 0+1 | italic 2+1'],
    ['<b>🟢 <i>x</i></b>', '🟢 x | bold 0+4 | italic 3+1'],
    ['a &lt;b&gt; &amp; &quot;c&quot; &#8364; &nbsp;', 'a <b> & "c" € &nbsp;'],
    ['<pre><code class="language-json">{}</code></pre>', '{} | pre 0+2 json'],
    ['<code>/x #y</code> /z', '/x #y /z | code 0+5 | bot_command 6+2'],
    ['<a href="https://a.io/?x=1&amp;y=2">l</a>', 'l | text_link 0+1 https://a.io/?x=1&y=2'],
    ['<a href="javascript:alert(1)">l</a>', 'l'],
    ['<blockquote expandable>q</blockquote>', 'q | expandable_blockquote 0+1'],
    [
      '<span class="tg-spoiler">s</span><tg-spoiler>t</tg-spoiler>',
      'st | spoiler 0+1 | spoiler 1+1',
    ],
    [
      '<u>a</u><s>b</s><B>c</B><del>d</del>',
      'abcd | underline 0+1 | strikethrough 1+1 | bold 2+1 | strikethrough 3+1',
    ],
    ['  \n x  \n', 'x'],
    ['<b> x </b>  ', ' x | bold 0+2'],
  ])('%s', (text, expected) => {
    expect(parsed(text, 'HTML')).toBe(expected);
  });

  test.each([
    ['a <x>b</x>', 'Unsupported start tag "x" at byte offset 2'],
    ['é <5', 'Unclosed start tag at byte offset 3'],
    ['<b>a', 'Can\'t find end tag corresponding to start tag "b"'],
    ['<b>a</i>', 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'],
    ['a</b>', 'Unexpected end tag at byte offset 1'],
    ['<b>a</b', 'Unclosed end tag at byte offset 4'],
    ['<span>a</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'],
    ['<a ="x">a</a>', 'Empty attribute name in the tag "a" at byte offset 0'],
    ['<a href=a_b>c</a>', 'Unexpected end of name token at byte offset 8'],
    ['drawdown < 5 %', 'Unsupported start tag "" at byte offset 9'],
  ])('refuses %s', (text, expected) => {
    expect(refused(text, 'HTML')).toBe(expected);
  });
});

describe('MarkdownV2', () => {
  test.each([
    [
      '*a* _b_ __c__ ~d~ ||e||',
      'a b c d e | bold 0+1 | italic 2+1 | underline 4+1 | strikethrough 6+1 | spoiler 8+1',
    ],
    ['`a*b` ```ts\nlet x```', 'a*b let x | code 0+3 | pre 4+5 ts'],
    ['```\nplain```', 'plain | pre 0+5'],
    ['[l](https://a\\.io/\\)x)', 'l | text_link 0+1 https://a.io/)x'],
    ['>q1\n>q2\nafter', 'q1\nq2\nafter | blockquote 0+6'],
    ['>q1\n>q2||', 'q1\nq2 | expandable_blockquote 0+5'],
    ['10 482\\.13 \\+1 %', '10 482.13 +1 %'],
    ['*_a_ b*', 'a b | bold 0+3 | italic 0+1'],
  ])('%s', (text, expected) => {
    expect(parsed(text, 'MarkdownV2')).toBe(expected);
  });

  test.each([
    ['a.b', "Character '.' is reserved and must be escaped with the preceding '\\'"],
    ['-1', "Character '-' is reserved and must be escaped with the preceding '\\'"],
    ['a > b', "Character '>' is reserved and must be escaped with the preceding '\\'"],
    ['a | b', "Character '|' is reserved and must be escaped with the preceding '\\'"],
    ['🏟 🏟_abacaba', "Can't find end of Italic entity at byte offset 9"],
    ['🏟 🏟_abac * asd ', "Can't find end of Bold entity at byte offset 15"],
    ['`a', "Can't find end of Code entity at byte offset 0"],
    ['```a', "Can't find end of Pre entity at byte offset 0"],
    ['[a](b', "Can't find end of a URL at byte offset 4"],
  ])('refuses %s', (text, expected) => {
    expect(refused(text, 'MarkdownV2')).toBe(expected);
  });
});

describe('what Telegram finds by itself', () => {
  test.each([
    ['/help and /halt@vigil_bot, not a/b', 'bot_command 0+5 | bot_command 10+15'],
    ['see https://a.io/x?y=1. Or @alex_b', 'url 4+18 | mention 27+7'],
    ['#risk $BTC #1', 'hashtag 0+5 | cashtag 6+4'],
    ['mail me@a.io', 'email 5+7'],
    ['5/10 and 1/2', ''],
  ])('%s', (text, expected) => {
    expect(parsed(text, '').split(' | ').slice(1).join(' | ')).toBe(expected);
  });
});
