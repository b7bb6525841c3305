import { InputFile } from 'grammy';
import { tradesAsCsv, tradesAsJson } from '../views/export.ts';
import { readTrades } from '../../app/views/read-trades.ts';
import { countText } from '../../domain/words/words.ts';
import { reply } from '../reply.ts';
import { plain } from '../views/fit.ts';
import type { Command } from './command.ts';

/** The closed positions of 90 days as files. */
export const exportTrades: Command = {
  name: 'export',
  description: 'what was closed in 90 days as files (CSV, JSON): /export BTC',
  access: 'owner',
  takes: 'any',
  when: 'any-time',
  alsoMeant: ['csv', 'json', 'download', 'tax'],
  handle: async ({ ctx, services: { ports }, words }) => {
    const reading = await readTrades(ports, words);
    if (reading.kind === 'unavailable') {
      await reply(ctx, plain(`What was closed cannot be read right now (${reading.reason}).`));
      return;
    }
    if (reading.value === 'unknown' || reading.value.trades.length === 0) {
      const about = words === '' ? '' : ` called "${words.slice(0, 32)}"`;
      await reply(ctx, plain(`Nothing${about} was closed in the last 90 days.`));
      return;
    }
    const { trades, symbol } = reading.value;
    const name = `trades${symbol === undefined ? '' : `-${symbol}`}-${new Date(ports.clock.now()).toISOString().slice(0, 10)}`;
    const file = (text: string, kind: string): InputFile =>
      new InputFile(Buffer.from(text), `${name}.${kind}`);
    const caption = `${countText(trades.length, 'closed position')} of the last 90 days. Amounts in USDT, times in UTC.`;
    await ctx.replyWithDocument(file(tradesAsCsv(trades), 'csv'), { caption });
    await ctx.replyWithDocument(file(tradesAsJson(trades), 'json'));
  },
};
