/** So many wait for a phone that cannot be reached; older ones are dropped. */
const WAITING_MAX = 20;

export interface Line<Message> {
  /** Tells it after those before it, until it is taken. */
  say(message: Message): void;
  /** Tries again what was not taken. */
  send(): void;
  /** How long the phone has taken nothing of what waits, milliseconds; 0 while nothing waits. */
  silentMs(): number;
}

/** What the owner is told past the outbox, in order, each until it was taken: a "back" that is lost would leave the owner with the trouble. */
export function createLine<Message>(options: {
  /** Rejects when it could not be sent: then it is tried again. */
  readonly tell: (message: Message) => Promise<void>;
  readonly failed?: (error: unknown) => void;
  /** A steady clock. */
  readonly now: () => number;
}): Line<Message> {
  const { tell, failed, now } = options;
  const waiting: { readonly message: Message }[] = [];
  let waitingFrom = now();
  let sending = false;

  async function sendAll(): Promise<void> {
    for (let first = waiting[0]; first !== undefined; first = waiting[0]) {
      await tell(first.message);
      waitingFrom = now();
      // It may have been dropped for a newer one while it was sent.
      if (waiting[0] === first) waiting.shift();
    }
  }

  function send(): void {
    if (sending || waiting.length === 0) return;
    sending = true;
    sendAll()
      .catch((error: unknown) => failed?.(error))
      .finally(() => (sending = false));
  }

  return {
    say: (message) => {
      if (waiting.length === 0) waitingFrom = now();
      waiting.push({ message });
      if (waiting.length > WAITING_MAX) waiting.shift();
      send();
    },
    send,
    silentMs: () => (waiting.length === 0 ? 0 : now() - waitingFrom),
  };
}
