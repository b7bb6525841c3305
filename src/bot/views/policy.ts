import type { FormattedString } from '@grammyjs/parse-mode';
import type { Ports } from '../../app/ports/ports.ts';
import { describePolicy, POLICY_FORM, type PolicyRequest } from '../../app/halt/sign-policy.ts';
import { formatUtc } from '../../domain/time.ts';
import { plainName } from '../../domain/words/words.ts';
import { bold, linesOf } from './fit.ts';
import { footer, type Scene } from './footer.ts';

type Signed = Awaited<ReturnType<Ports['policies']['read']>>;

/** /policy: what may be closed without asking. */
export function policyView(policy: Signed, scene: Scene): FormattedString {
  const lines =
    policy === undefined
      ? ['Off. Vigil never closes a position without asking you.', POLICY_FORM]
      : [
          `Signed by you on ${formatUtc(policy.signedAt)}:`,
          ...describePolicy(policy),
          'To revoke it: /policy off',
        ];
  return linesOf([bold('Closing without asking'), ...lines, footer(scene)]);
}

/** What a confirmation would sign. */
export const policyCardView = (request: PolicyRequest, scene: Scene): FormattedString =>
  linesOf([
    bold('Sign this?'),
    ...describePolicy(request),
    'It takes effect when you confirm (at once, if such a limit is already broken) and stays until you revoke it. A close at market price can be worse than the price you see.',
    footer(scene),
  ]);

/** One line for /status. */
export const policyLine = (policy: Signed | 'unreadable'): string => {
  if (policy === 'unreadable')
    return 'Closing without asking: unavailable; nothing is closed by itself';
  if (policy === undefined) return 'Closing without asking: off';
  return `Closing without asking: signed ${formatUtc(policy.signedAt)} for ${policy.triggers.map(plainName).join(', ')} (${policy.reach === 'all' ? 'all positions' : 'losing positions'})`;
};
