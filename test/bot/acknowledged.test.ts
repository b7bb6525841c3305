import { it } from 'vitest';
import { fetchSnapshot } from '../../src/app/reading/read-account.ts';
import { usd, ZERO_USD } from '../../src/domain/money/money.ts';
import { portsOf } from './fakes.ts';
import { eventually, textOf, type UserMessage } from './phone.ts';
import { type Rig, rigsOfFile } from './rig.ts';
import { NONCE, POSITION, PROPOSAL, signalFinding } from './samples.ts';

const rigs = rigsOfFile();
let rig: Rig;

/** An exchange that answers nothing until it is let go. */
function slowExchange() {
  let gate = Promise.resolve();
  let open = (): void => undefined;
  const slow = <T extends object>(real: () => T): T =>
    new Proxy({} as T, {
      get: (_target, name) => {
        const own: unknown = Reflect.get(real(), name);
        if (typeof own !== 'function') return own;
        return async (...given: unknown[]) => {
          await gate;
          return own.apply(real(), given) as unknown;
        };
      },
    });
  return {
    ports: {
      account: slow(() => portsOf(rig.world).account),
      market: slow(() => portsOf(rig.world).market),
    },
    hold: () => void (gate = new Promise((resolve) => (open = resolve))),
    letGo: () => open(),
  };
}

it('every tap is acknowledged before anything is read from the exchange', async () => {
  const exchange = slowExchange();
  rig = await rigs.open({
    ports: exchange.ports,
    bot: { perWindow: 1_000 },
  });
  const { phone, world } = rig;
  world.proposals.push(PROPOSAL);
  world.account = { ...world.account, available: usd('10000'), margin: ZERO_USD };
  world.snapshot = await fetchSnapshot(portsOf(world));
  await world.outbox.raise(signalFinding());
  const signal = await phone.hears('Signal: BTCUSDT long');

  /** Taps while the exchange is silent; what comes of it comes once it speaks again. */
  const tap = async (message: UserMessage, data: string): Promise<void> => {
    const before = phone.answers.length;
    exchange.hold();
    await phone.tap(message.id, data);
    await eventually(
      () => phone.answers.length > before,
      () => `${data} is not acknowledged while the exchange is silent`,
    );
    exchange.letGo();
  };

  await tap(signal, `a:${NONCE}`);
  const card = await phone.hears('Confirm: BTCUSDT long?');
  const half = (card.keyboard ?? []).flat().find((each) => each.text === 'Smaller: half');
  const size = (message: UserMessage) => /Buy ([\d.]+) BTC/.exec(textOf(message))?.[1];
  await tap(card, half?.callback_data ?? '');
  await phone.hears((each) => each.id === card.id && size(each) !== size(card));
  // These say something over the chat, of what is stored alone.
  for (const each of ['k:kinds', 'g:x', 's:x', 'y:x', 'n:x', 'b:x']) await tap(signal, each);
  await tap(signal, `d:${NONCE}`);
  await phone.hears('Details: BTCUSDT long');
  world.positions = [POSITION];
  const { id } = POSITION;
  const taps = [
    `t:${id}`,
    `x:${id}`,
    `v:${id}`,
    `h:${id}-c50`,
    'e:x',
    'p:x',
    'i:BTCUSDT-1h',
    'l:trades-0',
    'q:x',
    'j:choose-0',
    'o:x',
    'u:page-account',
    'u:run-positions',
    'u:again-risk-0',
  ];
  // Each waits behind the one before, which is still being read.
  for (const each of taps) await tap(signal, each);
});
