import { readFileSync } from 'node:fs';

/**
 * Milliseconds for which this process was ready to go on and the machine gave its processors to others, since its start: what a busy
 * machine adds to each wait. 0 where the system does not count it (any but Linux).
 */
export function starvedMs(): number {
  try {
    const [, waited = '0'] = readFileSync('/proc/self/schedstat', 'utf8').split(' ');
    return Number(waited) / 1e6;
  } catch {
    return 0;
  }
}
