import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { AlsoStored, ModeStore } from '../../app/ports/mode-store.ts';
import { StoreUnreadable } from '../../domain/failure.ts';
import { transitionMode, type ModeEvent, type ModeState } from '../../domain/trading-mode.ts';
import { decodeRiskState } from './account-store.ts';
import { decode, encode, textAt } from '../codec.ts';
import type { StoreKeys } from '../keys.ts';
import { commit, type Transaction } from '../transaction.ts';

/** The modes as they are stored: one has another name there than in the code. */
const STORED = { normal: 'normal', reduceOnly: 'reducing', halted: 'halted' } as const;
const MODES = { normal: 'normal', reducing: 'reduceOnly', halted: 'halted' } as const;

type Stored = Omit<ModeState, 'mode'> & { readonly mode: keyof typeof MODES };

const schema = z.object({
  mode: z.enum(Object.values(STORED)),
  reasons: z.array(z.object({ trigger: z.string(), evidence: z.string(), at: z.number() })),
  since: z.number(),
  coolOffUntil: z.number().optional(),
});

const storedOf = (state: ModeState): Stored => ({ ...state, mode: STORED[state.mode] });

/** Each try that fails means that somebody else's succeeded, so this many may come at once and none is lost. */
const TRIES = 100;

/** The trading mode in Redis. A corrupt value is an error for `read`; a tightening replaces it by `halted`. */
export function createModeStore(redis: Redis, keys: StoreKeys): ModeStore {
  async function read(): Promise<ModeState | undefined> {
    const text = await textAt(redis, keys.mode, 'trading mode');
    return text === undefined ? undefined : parse(text);
  }

  async function apply(event: ModeEvent, { tell = () => ({}), riskState }: AlsoStored = {}) {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const text = await textAt(redis, keys.mode, 'trading mode').catch(goneIfUnreadable);
      const before = stateBefore(text, event);
      const state = transitionMode(before, event);
      const revised =
        riskState === undefined || state.mode !== 'normal'
          ? undefined
          : await revisedRiskState(redis, keys, riskState);
      const stored = await commit(redis, keys, {
        expect: [{ key: keys.mode, value: text }, ...(revised?.expect ?? [])],
        set: [{ key: keys.mode, value: encode(storedOf(state)) }, ...(revised?.set ?? [])],
        journal: { key: keys.modeJournal, entry: encode({ event, state: storedOf(state) }) },
        ...tell(before, state),
        // A halt needs no leader; only loosening does.
        ...(event.kind === 'resume' ? {} : { byAnybody: true }),
      });
      if (stored !== undefined) return { state, changed: state.mode !== before.mode };
    }
    throw new Error('the trading mode kept changing while it was being stored; try again');
  }

  async function initialise(state: ModeState): Promise<ModeState> {
    const stored = await commit(redis, keys, {
      expect: [{ key: keys.mode, value: undefined }],
      set: [{ key: keys.mode, value: encode(storedOf(state)) }],
      journal: {
        key: keys.modeJournal,
        entry: encode({ event: 'initialise', state: storedOf(state) }),
      },
      byAnybody: true,
    });
    return stored === undefined ? ((await read()) ?? state) : state;
  }

  return { read, apply, initialise };
}

/** Rejects where there is nothing that could be revised: nobody resumes without a risk state. */
async function revisedRiskState(
  redis: Redis,
  keys: StoreKeys,
  change: NonNullable<AlsoStored['riskState']>,
): Promise<Required<Pick<Transaction, 'expect' | 'set'>>> {
  const text = await textAt(redis, keys.riskState, 'risk state');
  if (text === undefined) throw new StoreUnreadable('risk state');
  const value = encode(change(decodeRiskState(text)));
  return {
    expect: [{ key: keys.riskState, value: text }],
    set: [{ key: keys.riskState, value }],
  };
}

function goneIfUnreadable(error: unknown): undefined {
  if (!(error instanceof StoreUnreadable)) throw error;
}

function parse(text: string): ModeState {
  const stored = decode<Stored>(text, schema, 'trading mode');
  return { ...stored, mode: MODES[stored.mode] };
}

/** What is stored after that event, given what was stored before. */
export const modeTextAfter = (text: string | undefined, event: ModeEvent): string =>
  encode(storedOf(transitionMode(stateBefore(text, event), event)));

function stateBefore(text: string | undefined, event: ModeEvent): ModeState {
  const at = event.kind === 'resume' ? event.at : event.reason.at;
  const lost = (evidence: string): ModeState => ({
    mode: 'halted',
    reasons: [{ trigger: 'memory-lost', evidence, at }],
    since: at,
  });
  if (text === undefined) return lost('the stored trading mode was gone');
  try {
    return parse(text);
  } catch {
    return lost('the stored trading mode could not be read');
  }
}
