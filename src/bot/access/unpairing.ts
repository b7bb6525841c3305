import type { Api } from 'grammy';
import type { Services } from '../services.ts';
import { sendPlain } from '../teller.ts';

const UNPAIRED =
  '⚠️ I no longer listen to you: you were unpaired on the machine where I run. If you did not do this, look after that machine, ' +
  'and withdraw the API key at the exchange.';

/** Tells a former owner that he is one, also when it happened while no bot ran, and puts a code for the next one on the console. */
export function followUnpairing(
  {
    owners,
    owner,
    codes,
    log,
    safe,
  }: Pick<Services, 'owners' | 'owner' | 'codes' | 'log' | 'safe'>,
  api: Api,
): { start(): void; stop(): void } {
  let end = (): void => undefined;

  async function look(): Promise<void> {
    const former = await owners.former();
    if (former === undefined) return;
    await owner.find();
    await codes.show();
    log.warn('the owner was unpaired on the console');
    await sendPlain(api, former, { text: UNPAIRED, silent: false });
    await owners.formerWasTold();
  }
  const lookQuietly = (): void =>
    void look().catch((error: unknown) =>
      log.warn('a former owner was not told', { error: safe(error) }),
    );

  return {
    start: () => {
      end = owners.onReset(lookQuietly);
      lookQuietly();
    },
    stop: () => end(),
  };
}
