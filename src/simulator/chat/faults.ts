import { ApiError, badRequest, conflict, forbidden, tooManyRequests } from './api-error.ts';

/** What can go wrong with a call: refused, answered with a gateway's page (`html`), lost before, lost after it was carried out, or late. */
export const FAULT_KINDS = [
  '400',
  '401',
  '403',
  '409',
  '429',
  '500',
  'drop',
  'drop-after',
  'slow',
  'html',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** A fault for the next `count` calls of a method, or of any method but getUpdates when none is named. */
export interface Fault {
  readonly method?: string | undefined;
  readonly kind: FaultKind;
  readonly count: number;
  /** Seconds, for kind 429. */
  readonly retryAfter: number;
  /** Milliseconds, for kind slow. */
  readonly ms: number;
}

/** Faults that tests and demonstrations ask for. */
export class Faults {
  #planned: Fault[] = [];
  outage = false;

  add(fault: Fault): void {
    this.#planned.push(fault);
  }

  clear(): void {
    this.#planned = [];
  }

  list(): readonly Fault[] {
    return this.#planned;
  }

  /** Takes the fault that this call meets, if any. */
  take(method: string): Fault | undefined {
    const name = method.toLowerCase();
    const index = this.#planned.findIndex((fault) =>
      fault.method === undefined ? name !== 'getupdates' : fault.method.toLowerCase() === name,
    );
    const fault = this.#planned[index];
    if (!fault) return undefined;
    if (fault.count <= 1) this.#planned.splice(index, 1);
    else this.#planned[index] = { ...fault, count: fault.count - 1 };
    return fault;
  }
}

/** The refusal that a fault stands for; other kinds have none. */
export function refusalOf(fault: Fault): ApiError | undefined {
  if (fault.kind === '429') return tooManyRequests(fault.retryAfter);
  if (fault.kind === '400') return badRequest('BUTTON_DATA_INVALID');
  if (fault.kind === '401') return new ApiError(401, 'Unauthorized');
  if (fault.kind === '403') return forbidden('bot was blocked by the user');
  if (fault.kind === '409') {
    return conflict(
      'terminated by other getUpdates request; make sure that only one bot instance is running',
    );
  }
  if (fault.kind === '500') return new ApiError(500, 'Internal Server Error');
  return undefined;
}
