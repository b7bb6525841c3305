import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { COMMANDS } from '../../src/bot/commands/list.ts';
import { TYPED } from '../../src/bot/dialogues/dialogue.ts';
import { meansStop } from '../../src/bot/commands/stop-words.ts';

const STOPS = [
  'STOP',
  'stop',
  'Stop.',
  'halt!',
  ' halt ',
  'stop trading',
  'STOP TRADING NOW!!!',
  'please stop',
  'stop it',
  'stop everything',
  'stop stop stop',
  'STOOOOP',
  'stopppp',
  's t o p',
  'S.T.O.P.',
  'stop?',
  '"stop"',
  'ＳＴＯＰ',
  '𝐒𝐓𝐎𝐏',
  'st\u200bop',
  'stop 🛑🛑',
  '🛑',
  '🛑🛑🛑',
  'stop\n\n',
  'emergency stop',
  '/stop',
  '/STOP now',
  'pause',
  'stopp',
  'Stopp!',
  'sofort stoppen',
  'alles anhalten',
  'aufhören',
  'AUFHÖREN',
  'Not-Aus',
  'Not halt',
  'alto',
  '¡Alto!',
  'para ya',
  'pare',
  'PARE TUDO',
  'detén',
  'deten',
  'arrêt',
  'arret',
  'ARRÊTE TOUT',
  "arrête s'il te plaît",
  'basta',
  'fermati',
  'стоп',
  'СТОП!!!',
  'стой',
  'остановись',
  'останови торговлю',
  'хватит',
  'stój',
  'DUR',
  'durdur',
  'ΣΤΟΠ',
  'σταμάτα',
  'توقف',
  'עצור',
  'रुको',
  'หยุด',
  '停',
  '停！',
  '停止',
  '停止交易',
  '停停停',
  '暂停',
  'ストップ',
  '止めて',
  '정지',
  '멈춰!',
];

const NO_STOPS = [
  '',
  ' ',
  '!!!',
  '👍',
  'hello',
  'stop loss',
  'stop-loss',
  'stop BTC',
  'stop 64000',
  'stop 1',
  'stop at 64000',
  "don't stop",
  'do not stop',
  'never stop trading',
  'when does it stop?',
  'why did you halt',
  'the stop was hit',
  'unstoppable',
  'stopover',
  'nonstop',
  'non stop',
  'please',
  'trading now',
  'resume',
  'go',
  'start',
  'start trading',
  'continue',
  'stop, no, go on',
  'no stop',
  'not stop',
  'not stop now',
  'now please',
  'unhalt',
  'unpause',
  'confirm',
  'yes',
  'no',
  'cancel',
  'не стоп',
  'стоп лосс',
  'не останавливайся',
  '不要停',
  '别停',
  '止损',
  'para BTC',
  'nicht stoppen',
  'ne t arrête pas',
  '/stop BTC 64000',
  '/stopover',
  'stop '.repeat(13),
];

describe('a message that is nothing but a word for stopping', () => {
  it.each(STOPS)('%j is one', (text) => {
    expect(meansStop(text)).toBe(true);
  });

  it.each(NO_STOPS)('%j is none', (text) => {
    expect(meansStop(text)).toBe(false);
  });

  it('stays one with any signs and emoji around it, in any case', () => {
    const signs = fc.stringMatching(/^[ .,!?*_~"'()\-–…🛑🙏😱\n]{0,8}$/u);
    const word = fc.constantFrom('stop', 'halt', 'стоп', 'alto', 'arrêt', '停止', 'stopp');
    const shouted = fc.constantFrom(
      (text: string) => text,
      (text: string) => text.toUpperCase(),
    );
    fc.assert(
      fc.property(signs, word, signs, shouted, (before, text, after, shout) =>
        meansStop(`${before}${shout(text)}${after}`),
      ),
    );
  });

  it('is none any more with a name or a number beside it', () => {
    const word = fc.constantFrom('stop', 'halt', 'стоп', 'alto', '停止');
    const beside = fc.constantFrom('BTC', 'ETHUSDT', 'loss', '1', '64000', 'nie', 'not yet', 'no');
    fc.assert(
      fc.property(word, beside, fc.boolean(), (text, other, first) =>
        [!meansStop(first ? `${text} ${other}` : `${other} ${text}`)].every(Boolean),
      ),
    );
  });

  it('is read as far as 60 signs', () => {
    expect(meansStop(`stop${'!'.repeat(56)}`)).toBe(true);
    expect(meansStop(`stop${'!'.repeat(57)}`)).toBe(false);
  });

  it('is no answer to a question, and no other command', () => {
    for (const word of Object.keys(TYPED)) expect(meansStop(word)).toBe(false);
    // /stop moves the stop of a position where one is named, and alone it is /halt.
    const others = COMMANDS.filter(({ name }) => !['halt', 'stop'].includes(name));
    for (const { name } of others) {
      expect(meansStop(name)).toBe(false);
      expect(meansStop(`/${name}`)).toBe(false);
    }
  });
});
