import { rules } from '../../alerts/explain/with-basis.ts';
import { LOSS_STOPS } from '../../risk/limits/all.ts';
import type { FlattenPolicy } from '../../risk/stop/flatten-policy.ts';
import { whyNotLoosen } from './live-guard.ts';
import type { Ports } from '../ports/ports.ts';

/** What the policy may answer to: limits whose breach two sources can confirm. */
const CONDITIONS: ReadonlyMap<string, string> = new Map(
  LOSS_STOPS.flatMap(({ id, policy }) => (policy === undefined ? [] : [[id, policy] as const])),
);
const REACH = {
  all: 'every open position is closed',
  losing: 'the losing positions are closed',
} as const;

/** Names of the limits that may be signed for. */
export const POLICY_LIMITS: readonly string[] = [...CONDITIONS.keys()];

export const POLICY_FORM = `To sign one, write for example: /policy sign daily-loss drawdown all. Limits: ${POLICY_LIMITS.join(', ')}. How far: all, or losing for the losing positions alone.`;

/** What somebody wants to sign. */
export type PolicyRequest = Pick<FlattenPolicy, 'triggers' | 'reach'>;

/** "daily-loss drawdown all" as a request, or what is wrong with it. */
export function parsePolicy(words: string): PolicyRequest | string {
  const parts = words
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((each) => each !== '');
  const reach = parts.pop();
  if (reach !== 'all' && reach !== 'losing') return `How far is missing at the end. ${POLICY_FORM}`;
  const unknown = parts.find((each) => !CONDITIONS.has(each));
  if (unknown !== undefined) {
    return `"${unknown.slice(0, 30)}" is not a limit you can sign for. ${POLICY_FORM}`;
  }
  return parts.length === 0
    ? `You did not say which limit. ${POLICY_FORM}`
    : { triggers: [...new Set(parts)], reach };
}

/** The policy as sentences: what, when, how far. */
export const describePolicy = ({ triggers, reach }: PolicyRequest): readonly string[] => [
  ...triggers.map(
    (each) => `When ${CONDITIONS.get(each) ?? each}, ${REACH[reach]} without asking you.`,
  ),
  "Only if two of these three agree: the account itself, the open positions, and today's fills. Stops stay until a position is flat.",
];

/** Signs what the owner confirmed. It counts at once. A sentence where it is refused: then nothing was signed. */
export async function signPolicy(
  ports: Pick<Ports, 'clock' | 'policies' | 'halts' | 'accounts'>,
  request: PolicyRequest,
  by: number,
): Promise<string | undefined> {
  const unguarded = await whyNotLoosen(ports);
  if (unguarded !== undefined) return unguarded;
  const at = ports.clock.now();
  const policy: FlattenPolicy = { ...request, signedBy: by, signedAt: at };
  await ports.policies.save(policy, rules.policySigned('signed', describePolicy(request), at));
  return undefined;
}

/** Takes the signature back: from now on nothing is closed without asking. */
export async function revokePolicy(ports: Pick<Ports, 'clock' | 'policies'>): Promise<void> {
  const lines = ['Vigil closes no position without asking you.'];
  await ports.policies.save(undefined, rules.policySigned('revoked', lines, ports.clock.now()));
}
