/** Runs the roles of one process and ends them in order. */
import { bootMode } from '../app/halt/boot-mode.ts';
import { storeLost } from '../app/halt/store-lost.ts';
import type { Log } from '../app/ports/log.ts';
import type { Permission } from '../app/ports/permission.ts';
import { messageOf } from '../app/reading/reading.ts';
import { askOver } from './ask-permission.ts';
import { keepSchedules } from './keep-schedules.ts';
import { backUpNightly, openSchema } from './backup/backup.ts';
import { keepBrakes, type Brakes } from './without-store/keep-brakes.ts';
import { leadBot, type BotLeadership } from './lead/bot.ts';
import { followPricesMeanwhile, leadStreams } from './lead/streams.ts';
import { createClosingShelf, goOnClosing } from './without-store/closing-shelf.ts';
import { storeShelvedHalts } from './without-store/halt-shelf.ts';
import { hasMarker, keepMarker } from './without-store/store-marker.ts';
import { pulseFile, writePulseFile } from './pulse/pulse-file.ts';
import { pairingLine } from './pairing-line.ts';
import { checkRedisSafety } from './redis/server.ts';
import { wire, type RunConfig, type Wiring } from './wiring.ts';
import { startWorkerProcess } from './worker-process.ts';

export interface Running {
  readonly wiring: Wiring;
  /** The code for the console while nobody is paired. */
  readonly pairingCode: string | undefined;
  /** The owner's numeric Telegram id, once somebody is paired. */
  readonly owner: number | undefined;
  /** Tells the owner directly, as soon as that is possible; nothing where this process has no bot. */
  tell(sentence: string): void;
  /** `reason`: why it ends without having been asked to, in a sentence for the owner. */
  stop(reason?: string): Promise<void>;
}

/** What ends a part; `reason` as in `stop`. */
type Stop = (reason?: string) => Promise<void> | void;

/**
 * Starts everything that the config's roles ask for; `say` writes a line on the console. Rejects with a plain message
 * when a start is not safe.
 */
export async function runVigil(
  config: RunConfig,
  log: Log,
  say: (line: string) => void,
): Promise<Running> {
  let bot: BotLeadership | undefined;
  let brakes: Brakes | undefined;
  const fence = { role: 'bot', number: () => bot?.number() };
  const wiring = await wire(config, log, { fence });
  const stops: Stop[] = [() => wiring.close()];
  const stop = async (reason?: string): Promise<void> => {
    for (const each of stops.toReversed()) {
      await Promise.resolve(each(reason)).catch((error: unknown) =>
        log.warn('something did not stop cleanly', { reason: messageOf(error) }),
      );
    }
  };
  try {
    await preflight(config, wiring, log);
    await openSchema(wiring.redis, config, log);
    await bootMode(wiring.ports, hasMarker(config));
    await watchIdentity(config, { wiring, log, stops });
    await storeShelvedHalts(config, wiring.ports);
    await goOnClosing(config, wiring.ports);
    await wiring.queues.schedule(wiring.clock.speed);
    stops.push(keepSchedulesOf(wiring, log));
    const file = pulseFile(config);
    stops.push(writePulseFile(file, () => bot?.trouble()).stop);
    // Its process takes a second to load; meanwhile the rest starts.
    const worker = config.roles.includes('worker')
      ? startWorkerProcess(config, { permission: permissionOf(config, wiring), log })
      : undefined;
    if (worker !== undefined) stops.push(worker.stop);
    if (config.roles.includes('bot')) {
      brakes = keepBrakes(wiring, { shelf: createClosingShelf(config, log), log });
      stops.push(brakes.stop);
      const showCode = (code: string): void => say(pairingLine(code));
      bot = leadBot(config, { wiring, log, brakes, showCode });
      stops.push(bot.stop);
      await bot.first;
    }
    if (config.roles.includes('watchdog')) {
      const wanted = (): boolean => wiring.guard.leads();
      stops.push(backUpNightly(wiring.redis, config, { log, wanted }));
    }
    if (config.roles.includes('stream')) stops.push(leadStreams({ wiring, log, bot, brakes }).stop);
    else if (bot !== undefined) stops.push(followPricesMeanwhile({ wiring, log, bot, brakes }));
    await worker?.ready;
    const { owners } = wiring.store;
    const stored = await owners.owner();
    const owner = typeof stored === 'number' ? stored : undefined;
    const pairingCode =
      owner === undefined && bot !== undefined ? await owners.newCode() : undefined;
    return { wiring, pairingCode, owner, tell: (sentence) => bot?.tell(sentence), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function keepSchedulesOf({ queues, clock, store }: Wiring, log: Log): () => void {
  const kept = (): void => void store.pulses.beat('schedules').catch(() => undefined);
  return keepSchedules({ repair: queues.repair, speed: () => clock.speed, kept, log }).stop;
}

/** This process gives it where it may hear the owner itself; else whoever does is asked through the store. */
function permissionOf(config: RunConfig, { guard, store }: Wiring): Permission {
  const elsewhere = askOver(store.permission);
  if (!config.roles.includes('bot')) return elsewhere;
  return { refusal: () => (guard.leads() ? guard.permission : elsewhere).refusal() };
}

async function preflight(config: RunConfig, wiring: Wiring, log: Log): Promise<void> {
  const findings = await checkRedisSafety(wiring.redis);
  for (const each of findings) log.warn('Redis is not set up to keep everything', { ...each });
  if (config.mode === 'live' && findings.length > 0) {
    const problems = findings.map((each) => each.message).join(' ');
    throw new Error(`Vigil does not run with real money on this Redis. ${problems}`);
  }
}

/** Whichever process sees a loss first tells it; each puts back what only the store had. */
async function watchIdentity(
  config: RunConfig,
  { wiring, log, stops }: { readonly wiring: Wiring; readonly log: Log; readonly stops: Stop[] },
): Promise<void> {
  const { watch, queues, ports, clock, store, owner } = wiring;
  watch.onLost(async (loss) => {
    // First, or nobody would be told.
    await owner.find().catch(() => undefined);
    await storeLost(ports, loss);
    await queues.repair(clock.speed);
  });
  const marker = await keepMarker(config, { epoch: store.epoch, owner, log });
  stops.push(marker.stop);
}
