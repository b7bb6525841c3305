/** What the examples of all texts share. */
import type { Finding } from '../../src/domain/alert.ts';

/** What stands wherever a text holds words from elsewhere. */
export interface Words {
  readonly symbol: string;
  /** A reason, a name or an answer of the exchange. */
  readonly text: string;
  /** How many of what is listed. */
  readonly many: number;
}

export const USUAL: Words = {
  symbol: 'ETHUSDT',
  text: 'the exchange does not answer in time',
  many: 2,
};

export type Example = Pick<Finding, 'title' | 'lines'> & Partial<Finding>;
/** By the rule's file name without its ending; what is said past the outbox stands under "directly". */
export type Examples = Readonly<Record<string, readonly Example[]>>;

export const found = (...each: readonly (Example | undefined)[]): readonly Example[] =>
  each.filter((one) => one !== undefined);
export const several = (count: number, name: string): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${name}${index === 0 ? '' : index + 1}`);

export function never(): never {
  throw new Error('an example that must be there is not');
}
