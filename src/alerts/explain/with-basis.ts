import type { Finding } from '../../domain/alert.ts';
import { RULES } from './rules.ts';

type Decide<Name extends keyof typeof RULES> = (typeof RULES)[Name]['decide'];
type Found = { readonly [Name in keyof typeof RULES]: Decide<Name> };

/** The same, with what it was decided by. */
const withBasis =
  (rule: string, decide: (...inputs: readonly never[]) => Finding | undefined) =>
  (...inputs: readonly never[]): Finding | undefined => {
    const finding = decide(...inputs);
    return finding === undefined ? undefined : { ...finding, basis: { rule, inputs } };
  };

/** The rules by name. What they find keeps what it was decided by, so that it can explain itself later and be decided again. */
export const rules = Object.fromEntries(
  Object.entries(RULES).map(([rule, { decide }]) => [
    rule,
    withBasis(rule, decide as (...inputs: readonly never[]) => Finding | undefined),
  ]),
) as Found;
