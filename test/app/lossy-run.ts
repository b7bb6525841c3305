/** A signal on its way to its order, over real parts, in which something is lost before one of the calls. */
import { approve, offerApproval } from '../../src/app/approval/decide-proposal.ts';
import { executeProposal } from '../../src/app/approval/execute-proposal.ts';
import type { Ports } from '../../src/app/ports/ports.ts';
import type { Trading } from '../../src/app/ports/trading.ts';
import { judgeAndPropose } from '../../src/app/approval/propose.ts';
import { reconcile } from '../../src/app/approval/reconcile.ts';
import { refreshAccount } from '../../src/app/account/refresh-account.ts';
import { toText } from '../../src/domain/money/money.ts';
import { aSignal } from './signals.ts';

/** Something that is lost before one of the calls. */
interface Loss {
  readonly at: number;
  readonly what: () => Promise<void>;
}

/** A run that counts its calls, loses something before some of them, and keeps what was ordered after the first. */
export interface Run {
  readonly ports: Ports;
  /** Names of the calls so far. */
  readonly calls: string[];
  /** Entry orders that were begun after the first loss: symbol, quantity, leverage and stop. */
  readonly ordered: string[];
}

const PARTS = [
  'accounts',
  'mode',
  'proposals',
  'limitsStore',
  'account',
  'market',
  'trading',
] as const;

export function runOver(honest: Ports, losses: readonly Loss[]): Run {
  const calls: string[] = [];
  const ordered: string[] = [];
  let lost = false;
  const before = async (name: string): Promise<void> => {
    calls.push(name);
    const now = calls.length;
    for (const { what } of losses.filter(({ at }) => at === now)) {
      lost = true;
      await what();
    }
  };
  const placeEntry: Trading['placeEntry'] = async (entry) => {
    const after = lost;
    await before('trading.placeEntry');
    if (after) ordered.push(inWords(entry));
    return { kind: 'rejected', code: 'test', reason: 'it is only written down' };
  };
  const watched = <Part extends object>(name: string, part: Part): Part =>
    new Proxy(part, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key);
        if (typeof value !== 'function') return value;
        if (key === 'placeEntry') return placeEntry;
        return async (...args: unknown[]): Promise<unknown> => {
          await before(`${name}.${String(key)}`);
          return (value as (...all: unknown[]) => unknown).apply(target, args);
        };
      },
    });
  const parts = Object.fromEntries(
    PARTS.map((name) => [name, watched(name, honest[name] ?? {})]),
  ) as Pick<Ports, (typeof PARTS)[number]>;
  const quick = { ...parts, pause: () => Promise.resolve() };
  const ports = Object.create(honest, Object.getOwnPropertyDescriptors(quick)) as Ports;
  return { ports, calls, ordered };
}

const inWords = ({ symbol, qty, leverage, stop }: Parameters<Trading['placeEntry']>[0]): string =>
  `${symbol} ${toText(qty)} ${leverage}x ${toText(stop)}`;

const never = (): undefined => undefined;

/** A signal on its way to the order, with an owner who taps and confirms whatever can be tapped. */
export async function oneSignal(ports: Ports, honest: Ports, id: string): Promise<void> {
  const signal = await aSignal(honest, { id, symbol: id === 'first' ? 'ETHUSDT' : 'SOLUSDT' });
  await judgeAndPropose(ports, [signal]).catch(never);
  const proposal = await honest.proposals.byId(id).catch(never);
  const nonce = proposal?.nonce ?? 'A'.repeat(22);
  const offer = await offerApproval(ports, nonce).catch(never);
  const card = offer?.kind === 'ready' ? offer.card : 'C'.repeat(22);
  await approve(ports, { nonce, card, by: 1 }).catch(never);
  await executeProposal(ports, id).catch(never);
}

/** The run, and what goes on by itself afterwards; nobody sends /resume. */
export async function live({ ports }: Run, honest: Ports): Promise<void> {
  await oneSignal(ports, honest, 'first');
  await reconcile(ports).catch(never);
  await refreshAccount(ports).catch(never);
  await refreshAccount(ports).catch(never);
  await executeProposal(ports, 'first').catch(never);
  await oneSignal(ports, honest, 'second');
}
