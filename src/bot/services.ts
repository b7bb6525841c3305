import type { ConversationFlavor } from '@grammyjs/conversations';
import type { Context } from 'grammy';
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
  /** Every command, for /help: handed in, because the commands themselves use these services. */
  readonly commands: readonly CommandLine[];
  readonly log: Log;
  /** What may be logged of an error. */
  readonly safe: (error: unknown) => string;
  /** Wall time in milliseconds. */
  readonly wallNow: () => number;
}
