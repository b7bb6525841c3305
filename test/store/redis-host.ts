/** A process that holds a private Redis until it is killed: `redis-host.ts DIR CACHE`. Ctrl-C it notes and survives. */
import { startRedis } from '../../src/process/redis/server.ts';

const [dir = '', cacheDir = ''] = process.argv.slice(2);
const log = { info: console.error, warn: console.error };
process.on('SIGINT', () => console.log('interrupted'));
setInterval(() => {}, 60_000);
const { pid, url } = await startRedis({ dir, persist: true, cacheDir, log });
console.log(JSON.stringify({ pid, url }));
