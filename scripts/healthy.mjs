/**
 * The health check of the container: ends with 0 while the pulse file is under a minute old and says "well".
 * Usage: node scripts/healthy.mjs
 */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const FRESH_MS = 60_000;
const file = join(
  process.env['VIGIL_DATA_DIR'] || '.data',
  `${process.env['VIGIL_ACCOUNT'] || 'main'}.pulse`,
);
try {
  const old = Date.now() - statSync(file).mtimeMs > FRESH_MS;
  const said = readFileSync(file, 'utf8').trim();
  if (old) console.log('Vigil has not written its pulse for a minute.');
  else if (said !== 'well') console.log(said);
  process.exitCode = old || said !== 'well' ? 1 : 0;
} catch {
  console.log('Vigil does not run here.');
  process.exitCode = 1;
}
