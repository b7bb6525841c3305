import type { Redis } from 'ioredis';
import { LedByAnother } from '../domain/failure.ts';

/** What the writes of a leader carry, so that they are refused once another one has led. */
export interface Fence {
  readonly role: string;
  /** The number under which this process leads or led last; undefined before, and where nobody has to lead. */
  number(): number | undefined;
}

/** Where the numbers are, and which one the writes carry. */
export interface FenceKeys {
  readonly fenceBy: Fence;
  fence(role: string): string;
}

/** Every process may write. */
export const NO_FENCE: Fence = { role: 'bot', number: () => undefined };

/** What Redis answers a write that is too old. */
const FENCED = 'FENCED';

/** For a script whose last key holds the number of the newest leader: ends it when `number`, 0 for none, is an older one's. */
export const fenceCheck = (key: string, number: string): string => `
if ${number} > 0 and (tonumber(redis.call('GET', ${key}) or '0') or 0) > ${number} then
  return redis.error_reply('${FENCED}')
end
`;

const SCRIPT = `
local number = tonumber(ARGV[1])
${fenceCheck('KEYS[1]', 'number')}
for i = 2, #ARGV do redis.call(unpack(cjson.decode(ARGV[i]))) end
return 1
`;

/** Carries the commands out together, or none of them. Rejects with LedByAnother where another process has led since. */
export async function fenced(
  redis: Redis,
  keys: FenceKeys,
  commands: readonly (readonly string[])[],
): Promise<void> {
  const number = keys.fenceBy.number() ?? 0;
  const texts = commands.map((each) => JSON.stringify(each));
  await redis.eval(SCRIPT, 1, keys.fence(keys.fenceBy.role), number, ...texts).catch(refused);
}

/** The same error, or LedByAnother where that is what Redis means. */
export function refused(error: unknown): never {
  throw error instanceof Error && error.message.includes(FENCED) ? new LedByAnother() : error;
}
