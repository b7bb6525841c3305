import type { Finding, Revision } from '../../domain/alert.ts';
import type { ModeEvent, ModeState } from '../../domain/trading-mode.ts';
import type { RiskState } from '../../risk/state/risk-state.ts';

/** What is told of a change of the mode, and which earlier message it changes. */
export interface ModeTold {
  readonly findings?: readonly Finding[];
  /** `otherwise`: what is told where that message never was. */
  readonly revisions?: readonly (Revision & { readonly otherwise?: Finding })[];
}

/** What is stored together with the trading mode, or not at all. */
export interface AlsoStored {
  readonly tell?: (before: ModeState, after: ModeState) => ModeTold;
  /** The risk state with which trading goes on; not asked while the mode is not `normal` afterwards. */
  readonly riskState?: (state: RiskState) => RiskState;
}

export interface ModeStore {
  /** Undefined when nothing is stored (a flushed store). Rejects with StoreUnreadable when it is corrupt. */
  read(): Promise<ModeState | undefined>;
  /**
   * Applies the event to the stored state atomically and journals it, together with the findings it causes. With nothing stored,
   * the state starts as `halted`. `changed`: the mode itself became tighter or looser.
   */
  apply(event: ModeEvent, also?: AlsoStored): Promise<{ state: ModeState; changed: boolean }>;
  /** Writes the first state; leaves one that is there alone. */
  initialise(state: ModeState): Promise<ModeState>;
}
