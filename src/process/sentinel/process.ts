/** Entry of a demo's sentinel: it gets its config from the demo, and goes on while that one is frozen; it ends when it is gone. */
import { messageOf } from '../../app/reading/reading.ts';
import { createLog } from '../log.ts';
import { startSentinel, type SentinelConfig } from './sentinel.ts';

let stop: (() => Promise<void>) | undefined;

process.once('message', (config: SentinelConfig) => {
  startSentinel(config, { log: createLog({ level: 'silent' }) }).then(
    (started) => {
      ({ stop } = started);
      process.send?.('ready');
    },
    (error: unknown) => {
      process.stderr.write(`${messageOf(error)}\n`);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => void Promise.resolve(stop?.()).finally(() => process.exit(0)));
// Ctrl-C reaches the whole group; the demo ends this process.
process.on('SIGINT', () => undefined);
