import type { ChatEvent } from './events.ts';
import { EventHub } from './events.ts';
import type { User } from './message.ts';
import { Callbacks } from './store/callbacks.ts';
import { Commands } from './store/commands.ts';
import { Files } from './store/files.ts';
import { Messages } from './store/messages.ts';
import { People } from './store/people.ts';
import { Updates } from './store/updates.ts';

/** Everything that exists in the emulated Telegram. */
export interface World {
  readonly bot: User;
  /** Milliseconds since 1970: the clock for dates and for the age of taps. */
  readonly now: () => number;
  readonly people: People;
  readonly messages: Messages;
  readonly files: Files;
  readonly updates: Updates;
  readonly callbacks: Callbacks;
  readonly commands: Commands;
  readonly events: EventHub;
}

/** An empty world with its bot. */
export function createWorld(bot: User, now: () => number, callbackTimeoutMs: number): World {
  return {
    bot,
    now,
    people: new People(),
    messages: new Messages(),
    files: new Files(),
    updates: new Updates(now),
    callbacks: new Callbacks(now, callbackTimeoutMs),
    commands: new Commands(),
    events: new EventHub(),
  };
}

/** Unix time in whole seconds, as messages carry it. */
export function unixSeconds(world: World): number {
  return Math.floor(world.now() / 1000);
}

/** Emits to everyone who watches the phone. */
export function emit(world: World, event: ChatEvent): void {
  world.events.emit(event);
}
