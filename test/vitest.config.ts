import { defineConfig } from 'vitest/config';

/** A new order each day keeps tests honest about each other; the seed is printed and can be given again. */
const seed = Number.parseInt(process.env['VIGIL_TEST_SEED'] ?? '', 10) || dayNumber();

function dayNumber(): number {
  return Math.floor(Date.now() / 86_400_000);
}

const common = {
  environment: 'node',
  pool: 'forks',
  testTimeout: 30_000,
  hookTimeout: 30_000,
  teardownTimeout: 10_000,
} as const;

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    maxWorkers: 2,
    sequence: { shuffle: { files: true, tests: false }, seed },
    projects: [
      {
        extends: true,
        test: {
          ...common,
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/acceptance/**', 'test/simulation/**'],
          sequence: { groupOrder: 0 },
        },
      },
      {
        // Whole programs with a browser or many timers: alone on the machine, after the rest.
        extends: true,
        test: {
          ...common,
          name: 'whole',
          include: ['test/acceptance/**/*.test.ts', 'test/simulation/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
