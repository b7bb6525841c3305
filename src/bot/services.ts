import type { CountedView } from './views/proposal.ts';
import type { ConversationFlavor } from '@grammyjs/conversations';
import type { FormattedString } from '@grammyjs/parse-mode';
import type { Context, InlineKeyboard } from 'grammy';
import type { AnsweredUpdates } from '../app/ports/answered-updates.ts';
import type { BacktestMessage } from '../app/ports/backtests.ts';
import type { Log } from '../app/ports/log.ts';
import type { OwnerStore } from '../app/ports/owner-store.ts';
import type { CountFits } from '../app/ports/fits.ts';
import type { ChartRenderer } from '../app/ports/chart-renderer.ts';
import type { Ports } from '../app/ports/ports.ts';
import type { Voice } from '../app/telling/voice.ts';
import type { DigitsSource } from './digits.ts';
import type { OwnerCache } from './access/owner-cache.ts';
import type { PairingCodes } from './access/pairing-codes.ts';
import type { CommandLine } from './views/help.ts';

/** grammY's context with the dialogue controls. */
export type BotContext = ConversationFlavor<Context>;

/** A card that waits for a tap. */
export interface OpenCard {
  readonly chatId: number;
  readonly messageId: number;
  /** Milliseconds of the reader's clock until it can no longer be confirmed; 0 or less: it is over. */
  readonly leftMs: () => number;
  /** What its message says then. */
  readonly over: FormattedString;
  /** What a card says that tells how long it can still be confirmed; absent: it says the same all along. */
  readonly counting?: { readonly keyboard: InlineKeyboard; readonly view: CountedView };
}

/**
 * The one card that is open in each chat: it says how long it can still be confirmed, and its buttons go when it is dead, also where it
 * was shown before a start.
 */
export interface OpenCards {
  /** From now on this is the open card of its chat; the buttons of the one before go. */
  keep(card: OpenCard): void;
  /** The message of the open card; undefined where none is known. */
  shownIn(chatId: number | undefined): number | undefined;
  /** Its message is to say something else: resolves once nothing of the card is on its way to it any more. */
  forget(chatId: number | undefined): Promise<void>;
  /** It can no longer be answered: its buttons go. Never rejects. */
  retire(chatId: number | undefined): Promise<void>;
  /** Finds the card that was open in that chat before a start. Never rejects. */
  restore(chatId: number): Promise<void>;
  stop(): void;
}

/** What every handler of the chat is given. */
export interface Services {
  readonly ports: Ports;
  readonly owners: OwnerStore;
  readonly owner: OwnerCache;
  /** How loud alerts are, and that the owner is here. */
  readonly voice: Voice;
  readonly codes: PairingCodes;
  /** Which updates were answered, by whichever process; absent where nothing is kept. */
  readonly answered?: AnsweredUpdates;
  readonly charts: ChartRenderer;
  /** Whether limits and strategies fit; absent where it cannot be worked out. */
  readonly countFits?: CountFits;
  readonly digits: DigitsSource;
  /** Keeps the message of a backtest up to date until it shows the result. */
  readonly backtests: { follow(message: BacktestMessage): void };
  /** The question about a signal that is open in the chat. */
  readonly cards: OpenCards;
  /** Every command, for /help: handed in, because the commands themselves use these services. */
  readonly commands: readonly CommandLine[];
  readonly log: Log;
  /** What may be logged of an error. */
  readonly safe: (error: unknown) => string;
  /** Wall time in milliseconds. */
  readonly wallNow: () => number;
}
