/**
 * Starts Vigil: the plain JavaScript in dist/ when `npm run build` made it from the present sources, else the sources
 * through tsx. Signals reach Vigil, and its exit code is passed on.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { entry } from './build-state.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

const vigil = spawn(process.execPath, [...entry(root), ...process.argv.slice(2)], {
  stdio: 'inherit',
});
// The terminal sends Ctrl-C to both; kill reaches this one alone, so pass it on and wait for Vigil to close in order.
process.on('SIGINT', () => {});
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => vigil.kill(signal));
vigil.on('exit', (code, signal) => {
  process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 143);
});
