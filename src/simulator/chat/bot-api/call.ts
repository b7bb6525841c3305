import type { Params } from '../wire/params.ts';
import type { World } from '../world.ts';
import type { Polling } from './polling.ts';

/** One call of a Bot API method. */
export interface Call {
  readonly world: World;
  readonly params: Params;
  readonly polling: Polling;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
}

/** A method returns what stands under `result`; a refusal is thrown as an ApiError. */
export type Method = (call: Call) => unknown;
