import type { Account } from '../../engine/account.ts';
import type { Engine } from '../../engine/engine.ts';
import type { Faults } from '../../faults.ts';
import type { Params } from './params.ts';

/** What a REST handler works with. */
export interface RestContext {
  readonly engine: Engine;
  readonly faults: Faults;
}

/** A public endpoint; the answer is the envelope's `data`. */
export interface PublicRoute {
  readonly access: 'public';
  readonly method: 'GET';
  readonly perSecond: number;
  handle(rest: RestContext, params: Params): unknown;
}

/** A signed endpoint, acting for the account behind its key. */
export interface PrivateRoute {
  readonly access: 'private';
  readonly method: 'GET' | 'POST';
  readonly perSecond: number;
  handle(rest: RestContext, params: Params, account: Account): unknown;
}

export type Route = PublicRoute | PrivateRoute;

export function publicGet(handle: PublicRoute['handle']): PublicRoute {
  return { access: 'public', method: 'GET', perSecond: 10, handle };
}

export function privateGet(handle: PrivateRoute['handle'], perSecond = 10): PrivateRoute {
  return { access: 'private', method: 'GET', perSecond, handle };
}

export function privatePost(handle: PrivateRoute['handle'], perSecond = 10): PrivateRoute {
  return { access: 'private', method: 'POST', perSecond, handle };
}
