import { defineConfig } from 'vitest/config';
import { Order } from './order.ts';

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    environment: 'node',
    setupFiles: 'test/seed.ts',
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    // Nothing is mocked and no module keeps state that a test could see: loading the modules once for each worker instead of
    // once for each file takes half of the time away.
    isolate: false,
    // The long files wait for clocks, leases and sockets three quarters of their time: with fewer the processors stand still meanwhile.
    maxWorkers: 6,
    sequence: { sequencer: Order },
    // No measure of speed: only a test that hangs is ended by it, and one that waits says before what did not come.
    testTimeout: 600_000,
    hookTimeout: 300_000,
    teardownTimeout: 10_000,
  },
});
