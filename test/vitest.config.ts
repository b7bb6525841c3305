import { defineConfig } from 'vitest/config';
import { seed } from './seed.ts';

/** No measure of speed: only a test that hangs is ended by it, and one that waits says before what did not come. */
const common = {
  environment: 'node',
  setupFiles: 'test/seed.ts',
  pool: 'forks',
  testTimeout: 600_000,
  hookTimeout: 300_000,
  teardownTimeout: 10_000,
} as const;

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    // Files run in an order drawn with the seed, which is printed, so that none leans on another.
    sequence: { shuffle: { files: true, tests: false }, seed },
    projects: [
      {
        extends: true,
        test: {
          ...common,
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/acceptance/**', 'test/simulation/**'],
          // Nothing is mocked and no module keeps state that a test could see: loading the modules once for each worker
          // instead of once for each file takes half of the time away.
          isolate: false,
          // They mostly wait for clocks and sockets: two at a time use less than half of two cores.
          maxWorkers: 4,
          sequence: { groupOrder: 0 },
        },
      },
      {
        // Whole programs with a browser or many timers: after the rest. Each waits for what it needs, so two at once do.
        extends: true,
        test: {
          ...common,
          name: 'whole',
          include: ['test/acceptance/**/*.test.ts', 'test/simulation/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 300_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
