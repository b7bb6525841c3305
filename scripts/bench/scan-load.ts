/** Child of the alert measurement: scans 500 symbols over and over, as the worker process does on each closed candle. */
import { createTracker } from '../../src/signals/tracker.ts';
import { candlesOf, instrumentOf } from './scan-data.ts';
import { DEFAULT_STRATEGY } from '../../src/signals/parameters.ts';
import { agreement } from '../../src/signals/strategies/agreement.ts';

const SYMBOLS = 500;
const bodies = Array.from({ length: SYMBOLS }, (_, index) => JSON.stringify(candlesOf(index, 200)));

function scanOnce(): void {
  for (const [index, body] of bodies.entries()) {
    const instrument = instrumentOf(index);
    const tracker = createTracker(instrument.symbol, agreement);
    for (const candle of JSON.parse(body) as ReturnType<typeof candlesOf>) tracker.feed(candle);
    tracker.evaluate(instrument, DEFAULT_STRATEGY);
  }
}

setInterval(scanOnce, 1_000);
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
