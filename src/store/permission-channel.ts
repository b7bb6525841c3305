import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Permission } from '../app/ports/permission.ts';
import type { StoreKeys } from './keys.ts';

const id = z.string().min(1).max(64);
const message = z.union([
  z.strictObject({ ask: id }),
  z.strictObject({ answer: id, refusal: z.string().optional() }),
]);
type Message = z.infer<typeof message>;

/**
 * Questions for permission and their answers between the processes of one account. Nothing is kept: what was allowed some seconds
 * ago allows nothing now, and no clock of any machine is trusted.
 */
export interface PermissionChannel {
  /** Rejects when the question cannot be sent. */
  ask(question: string): Promise<void>;
  onAnswer(listener: (question: string, refusal: string | undefined) => void): void;
  /** Answers the questions of all processes from now on, whenever `asked` says that it is for this one to. Resolves when they are heard. */
  answerWith(permission: Permission, asked?: () => boolean): Promise<void>;
  close(): void;
}

export function createPermissionChannel(redis: Redis, keys: StoreKeys): PermissionChannel {
  const subscriber = redis.duplicate({ enableOfflineQueue: true, lazyConnect: true });
  const listeners = new Set<(heard: Message) => void>();
  // Errors are reported by the main connection; ioredis reconnects and subscribes again by itself.
  subscriber.on('error', () => undefined);
  subscriber.on('message', (_channel: string, text: string) => {
    const heard = parse(text);
    if (heard !== undefined) for (const listener of listeners) listener(heard);
  });
  let subscribed: Promise<unknown> | undefined;
  const listen = async (): Promise<void> => {
    subscribed ??= subscriber.subscribe(keys.permission);
    try {
      await subscribed;
    } catch (error) {
      subscribed = undefined;
      throw error;
    }
  };
  const send = async (text: Message): Promise<void> => {
    await redis.publish(keys.permission, JSON.stringify(text));
  };
  return {
    ask: async (question) => {
      await listen();
      await send({ ask: question });
    },
    onAnswer: (hear) => {
      listeners.add((heard) => {
        if ('answer' in heard) hear(heard.answer, heard.refusal);
      });
    },
    answerWith: async (permission, asked = () => true) => {
      listeners.add((heard) => {
        if (!('ask' in heard) || !asked()) return;
        const answered = permission
          .refusal()
          .then((refusal) =>
            send({ answer: heard.ask, ...(refusal === undefined ? {} : { refusal }) }),
          );
        // An answer that cannot be sent is no answer, and whoever asked opens nothing.
        answered.catch(() => undefined);
      });
      await listen();
    },
    close: () => subscriber.disconnect(),
  };
}

/** Undefined for what is not of Vigil's making. */
function parse(text: string): Message | undefined {
  try {
    return message.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
