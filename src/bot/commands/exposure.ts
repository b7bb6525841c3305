import { readExposure, type ExposureView } from '../../app/views/read-exposure.ts';
import { add, ZERO_USD, type Usd } from '../../domain/money/money.ts';
import { exposurePicture } from '../charts/exposure-chart.ts';
import { withRefresh } from '../menus/menu.ts';
import { reply } from '../reply.ts';
import { exposureView } from '../views/exposure.ts';
import { sceneOf } from '../views/footer.ts';
import type { Command } from './command.ts';
import { sendPicture } from './send-picture.ts';

export const exposure: Command = {
  name: 'exposure',
  description: 'what is at stake by coin, category and side',
  access: 'owner',
  takes: 'nothing',
  when: 'any-time',
  handle: async (call) => {
    const { ports } = call.services;
    const reading = await readExposure(ports);
    await reply(call.ctx, exposureView(reading, sceneOf(ports)), withRefresh('exposure'));
    if (reading.kind === 'unavailable' || reading.value.positions.length === 0) return;
    const rows = rowsOf(reading.value);
    sendPicture(call, 'exposure', (theme) => exposurePicture(rows, theme));
  },
};

function rowsOf({ positions, values }: ExposureView): { symbol: string; long: Usd; short: Usd }[] {
  const bySymbol = new Map<string, { long: Usd; short: Usd }>();
  for (const { id, symbol, side } of positions) {
    const row = bySymbol.get(symbol) ?? { long: ZERO_USD, short: ZERO_USD };
    bySymbol.set(symbol, { ...row, [side]: add(row[side], values.get(id) ?? ZERO_USD) });
  }
  return [...bySymbol].map(([symbol, row]) => ({ symbol, ...row }));
}
