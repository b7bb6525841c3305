import fc from 'fast-check';

/**
 * One seed for a whole run, so that the same tree always gives the same answer: of the files' order and of what property tests draw.
 * Another one looks elsewhere: `VIGIL_TEST_SEED=4711 npm test`.
 */
export const seed = Number.parseInt(process.env['VIGIL_TEST_SEED'] ?? '20251010', 10);

fc.configureGlobal({ seed });
