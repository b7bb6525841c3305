import { describe, expect, it } from 'vitest';
import {
  isTighter,
  TRADING_MODES,
  transitionMode,
  type ModeEvent,
  type ModeState,
  type TradingMode,
} from '../../src/domain/trading-mode.ts';
import { NORMAL, NOW } from '../risk/fixtures.ts';
import { explore, type Machine } from './explore.ts';

type Kind = ModeEvent['kind'];
type Tightened = Extract<ModeEvent, { kind: 'tighten' }>['to'];

/** Whether an event of this kind may lower the mode. A new kind does not compile before it is decided here. */
const MAY_LOWER: Record<Kind, boolean> = { tighten: false, resume: true };

/** Every mode that an event can tighten to; a new one does not compile before it is tried here. */
const TIGHTENED: Record<Tightened, Exclude<TradingMode, 'normal'>> = {
  reduceOnly: 'reduceOnly',
  halted: 'halted',
};

const reasonOf = (trigger: string) => ({ trigger, evidence: 'it is so', at: NOW });
/** Every reason there can be. */
const ALL = ['start', 'daily-loss', 'owner'].map(reasonOf);
const isJudged = (state: ModeState, judged: readonly { readonly trigger: string }[]): boolean =>
  state.reasons.every(({ trigger }) => judged.some((each) => each.trigger === trigger));

const EVENTS: { readonly [K in Kind]: readonly Extract<ModeEvent, { kind: K }>[] } = {
  tighten: Object.values(TIGHTENED).flatMap((to) =>
    ['daily-loss', 'owner'].flatMap((trigger) => {
      const event = {
        kind: 'tighten',
        to,
        reason: reasonOf(trigger),
      } as const;
      return [event, { ...event, coolOffUntil: NOW + 50 }];
    }),
  ),
  resume: [
    { kind: 'resume', at: NOW, by: 1, judged: [] },
    { kind: 'resume', at: NOW, by: 1, judged: ALL },
    { kind: 'resume', at: NOW + 60, by: 1, judged: ALL },
    { kind: 'resume', at: NOW + 60, by: 1, judged: ALL.slice(1) },
  ],
};

interface World {
  readonly state: ModeState;
  readonly broken: string;
}

type Transition = typeof transitionMode;

const machine = (transition: Transition, initial: ModeState): Machine<World, ModeEvent> => ({
  initial: { state: initial, broken: '' },
  events: Object.values(EVENTS).flat(),
  step: ({ state: before, broken }, event) => {
    if (broken !== '') return undefined;
    const state = transition(before, event);
    if (!MAY_LOWER[event.kind] && isTighter(before.mode, state.mode))
      return { state, broken: 'only a person’s resume lowers the mode' };
    if (event.kind === 'resume' && !isJudged(before, event.judged) && state !== before)
      return { state, broken: 'a halt that nobody judged is not lifted' };
    if (event.kind === 'tighten' && isTighter(event.to, state.mode))
      return { state, broken: 'a tightening is never lost' };
    const waits = (before.coolOffUntil ?? 0) > (event.kind === 'resume' ? event.at : 0);
    if (waits && (state.coolOffUntil ?? 0) < (before.coolOffUntil ?? 0))
      return { state, broken: 'a pause after losses outlives a resume' };
    return { state, broken: '' };
  },
  key: (world) => JSON.stringify(world),
  name: (event) => JSON.stringify(event),
});

const startIn = (mode: TradingMode): ModeState =>
  mode === 'normal'
    ? NORMAL
    : { mode, reasons: [{ trigger: 'start', evidence: 'it began so', at: NOW }], since: NOW };

/** Far more than it takes: the exploration ends by itself when nothing new is reached. */
const DEPTH = 50;

describe('the trading mode, every event kind in every mode until no new state is reached', () => {
  const atLeast: Record<TradingMode, number> = { normal: 20, reduceOnly: 29, halted: 28 };
  const starts = TRADING_MODES.map((mode) => [mode, atLeast[mode]] as const);
  it.each(starts)('from %s no invariant breaks in at least %i states', (mode, states) => {
    const found = explore(machine(transitionMode, startIn(mode)), (at) => at.broken === '', DEPTH);
    expect(found.violation).toBeUndefined();
    expect(found.states).toBeGreaterThanOrEqual(states);
    expect(found.exhausted).toBe(true);
  });

  it('tries every kind of event, and lets a resume lower the mode', () => {
    expect(Object.values(EVENTS).every((each) => each.length > 0)).toBe(true);
    const modes = EVENTS.resume.map((event) => transitionMode(startIn('halted'), event).mode);
    expect(modes).toEqual(['halted', 'normal', 'normal', 'halted']);
  });

  it.each<[string, Transition, string]>([
    [
      'the last word counts',
      (state, event) => ({
        ...transitionMode(state, event),
        mode: event.kind === 'tighten' ? event.to : 'normal',
      }),
      'only a person’s resume lowers the mode',
    ],
    [
      'a mode stays until it is resumed',
      (state, event) => {
        const mode = state.mode === 'normal' || event.kind === 'resume' ? undefined : state.mode;
        const after = transitionMode(state, event);
        return { ...after, mode: mode ?? after.mode };
      },
      'a tightening is never lost',
    ],
    [
      'a resume lifts whatever there is',
      (state, event) =>
        transitionMode(
          state,
          event.kind === 'resume' ? { ...event, judged: state.reasons } : event,
        ),
      'a halt that nobody judged is not lifted',
    ],
    [
      'a resume forgets the pause',
      (state, event) => {
        if (event.kind !== 'resume' || !isJudged(state, event.judged))
          return transitionMode(state, event);
        return { mode: 'normal', reasons: [], since: event.at };
      },
      'a pause after losses outlives a resume',
    ],
  ])('with the fault "%s" the explorer finds a break', (_fault, faulty, invariant) => {
    const found = explore(machine(faulty, NORMAL), (world) => world.broken !== invariant, DEPTH);
    expect(found.violation).toBeDefined();
  });
});
