import type { IncomingMessage, ServerResponse } from 'node:http';

import type { z } from 'zod';

import type { Polling } from '../bot-api/polling.ts';
import type { Faults } from '../faults.ts';
import type { World } from '../world.ts';
import { UserError } from './user-error.ts';

/** What the user's side can reach. */
export interface Phone {
  readonly world: World;
  readonly faults: Faults;
  readonly polling: Polling;
  /** Address of the venue simulator's control API, when the page shows the market drawer. */
  readonly controlUrl: string | undefined;
}

/** One request from the user's side. */
export interface UserRequest {
  readonly phone: Phone;
  readonly query: URLSearchParams;
  /** The JSON body of a POST. */
  readonly body: unknown;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The rest of the path after a route that ends in a slash. */
  readonly rest: string;
}

/** Returns what is sent as JSON, or `ANSWERED` when it has answered itself. */
export type Route = (request: UserRequest) => unknown;

/** Says that a route has written its answer itself. */
export const ANSWERED = Symbol('answered');

/** The checked body; a wrong one is refused with every mistake named. */
export function checked<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const mistakes = result.error.issues.map((issue) => {
    const field = issue.path.join('.');
    return field === '' ? issue.message : `"${field}": ${issue.message}`;
  });
  throw new UserError(400, `The request is not understood: ${mistakes.join('; ')}`);
}
