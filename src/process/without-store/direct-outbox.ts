/** Alerts that the store does not take: told at once, kept until they were sent, and written down when the store is back. */
import type { Log } from '../../app/ports/log.ts';
import type { Outbox } from '../../app/ports/outbox.ts';
import { messageOf } from '../../app/reading/reading.ts';
import { rankOf, type Finding } from '../../domain/alert.ts';

/** How a message goes out past the outbox, and how it is changed afterwards. Both reject when Telegram does not take it. */
export interface DirectSender<Sent = { readonly chatId: number; readonly messageId: number }> {
  tellUnstored(finding: Finding): Promise<Sent>;
  editUnstored(finding: Finding, sent: Sent): Promise<void>;
}

interface Entry {
  finding: Finding;
  sent?: { readonly chatId: number; readonly messageId: number };
  /** Its message shows an older text. */
  changed: boolean;
  stored: boolean;
}

export interface DirectOutbox extends Outbox {
  /** Writes down what was told since the last time, and leaves to the store what could not be told; how many. */
  mergeInto(outbox: Outbox): Promise<number>;
}

const RETRY_MS = 1_000;
/** So many are kept; older ones that were told and stored go. */
const KEPT = 500;

export function createDirectOutbox(
  sender: () => DirectSender | undefined,
  { log, pause }: { log: Log; pause: (ms: number) => Promise<void> },
): DirectOutbox {
  const entries = new Map<string, Entry>();
  const line = sendInLine(entries, { sender, log, pause });
  return {
    raise: async (finding) => {
      if (entries.has(finding.key)) return undefined;
      entries.set(finding.key, { finding, changed: false, stored: false });
      for (const [key, { stored }] of entries)
        if (entries.size > KEPT && stored) entries.delete(key);
      line.kick();
      return undefined;
    },
    revise: async (key, text) => {
      const entry = entries.get(key);
      if (entry === undefined) return;
      const { buttons: _gone, good: _before, ...rest } = entry.finding;
      entry.finding = { ...rest, ...text };
      entry.changed = entry.sent !== undefined;
      line.kick();
    },
    mergeInto: async (outbox) => {
      const fresh = [...entries.values()].filter(({ stored }) => !stored);
      for (const entry of fresh) {
        // From here on the store sends it, unless it was sent.
        entry.stored = true;
        await line.settled(entry);
        try {
          await outbox.raise(entry.finding);
        } catch (error) {
          entry.stored = false;
          throw error;
        }
      }
      return fresh.length;
    },
  };
}

/** Sends and edits one after the other, most important first, each until it was taken. */
function sendInLine(
  entries: ReadonlyMap<string, Entry>,
  options: {
    readonly sender: () => DirectSender | undefined;
    readonly log: Log;
    readonly pause: (ms: number) => Promise<void>;
  },
) {
  let running: Promise<void> | undefined;
  let sending: { readonly entry: Entry; readonly ended: Promise<void> } | undefined;

  const next = (): Entry | undefined =>
    [...entries.values()]
      .filter((each) => (each.sent === undefined ? !each.stored : each.changed))
      .toSorted((a, b) => rank(a) - rank(b))[0];

  async function send(entry: Entry): Promise<void> {
    const way = options.sender();
    if (way === undefined) throw new Error('the chat is not there yet');
    const { finding } = entry;
    if (entry.sent === undefined) entry.sent = await way.tellUnstored(finding);
    else await way.editUnstored(finding, entry.sent);
    entry.changed = entry.finding !== finding;
  }

  async function pump(): Promise<void> {
    for (let entry = next(); entry !== undefined; entry = next()) {
      try {
        const sent = send(entry);
        sending = { entry, ended: sent.catch(() => undefined) };
        await sent;
      } catch (error) {
        options.log.warn('an alert could not be told directly', { reason: messageOf(error) });
        await options.pause(RETRY_MS);
      }
    }
  }

  const kick = (): void => {
    running ??= pump().finally(() => {
      running = undefined;
      if (next() !== undefined) kick();
    });
  };
  return {
    kick,
    /** Resolves when it is not on its way. */
    settled: async (entry: Entry) => (sending?.entry === entry ? sending.ended : undefined),
  };
}

const rank = ({ finding }: Entry): number => rankOf(finding);
