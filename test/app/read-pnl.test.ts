import { expect, it } from 'vitest';
import { readPnl } from '../../src/app/read-pnl.ts';
import { HOUR } from '../../src/domain/time.ts';
import { DEFAULT_LIMITS } from '../../src/risk/limits.ts';
import { createFakeWorld, portsOf } from '../bot/fakes.ts';
import { CLOSED } from '../bot/samples.ts';

it("counts what closed from the first moment of the daily loss limit's day, and says when it began", async () => {
  const now = Date.UTC(2025, 9, 10, 3);
  const began = Date.UTC(2025, 9, 9, 5);
  const world = createFakeWorld();
  world.now = now;
  world.closed = [began - 1, began].map((closedAt, index) => ({
    ...CLOSED,
    id: `${index}`,
    closedAt,
  }));
  const limits = { ...DEFAULT_LIMITS, dayStartOffsetMs: 5 * HOUR };
  const reading = await readPnl({ ...portsOf(world), limits });
  expect(reading).toMatchObject({
    value: { todayFrom: began, today: { closed: 1 }, week: { closed: 2 } },
  });
});
