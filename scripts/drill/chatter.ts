/** Everything that the bot has said, with the moment at which it was first seen. */
import { textOf, type Phone } from '../../test/acceptance/owner.ts';

const LOOK_MS = 100;
/** In the last line, or before each of several that were found together. */
const NUMBER = /^#(\d+) /gm;

export interface Said {
  readonly id: number;
  /** Steady milliseconds. */
  readonly at: number;
  readonly text: string;
}

export interface Chatter {
  /** As they read when they came, oldest first. */
  said(): readonly Said[];
  /** Numbers of all alerts, also of those that got theirs afterwards. */
  numbers(): ReadonlySet<number>;
  stop(): void;
}

/** What is there already is not taken. */
export function follow(phone: Phone): Chatter {
  const said: Said[] = [];
  const known = new Set<number>();
  const numbers = new Set<number>();
  let first = true;
  const look = async (): Promise<void> => {
    for (const message of await phone.heard()) {
      for (const [, number] of textOf(message).matchAll(NUMBER)) numbers.add(Number(number));
      if (known.has(message.id)) continue;
      known.add(message.id);
      if (!first) said.push({ id: message.id, at: performance.now(), text: textOf(message) });
    }
    first = false;
  };
  let looking = false;
  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    void look().finally(() => (looking = false));
  }, LOOK_MS);
  return { said: () => said, numbers: () => numbers, stop: () => clearInterval(timer) };
}
