/** Parts of Vigil that a process can run. One process runs them all unless told otherwise. */
export const ROLES = ['bot', 'worker', 'stream', 'watchdog'] as const;
/** Watches over Vigil from outside, as a rule on another machine. */
export const SENTINEL = 'sentinel';
export type Role = (typeof ROLES)[number] | typeof SENTINEL;

/** What a start was asked for, as far as its roles are concerned. */
export interface RolesAsked {
  readonly roles: readonly Role[];
  readonly mode: string;
  /** Whether these settings are there. */
  readonly redis: boolean;
  readonly heartbeat: string | undefined;
  readonly owner: boolean;
}

/** Why these roles cannot run like this, and what to do: a sentence each, none when they can. */
export function roleProblems(asked: RolesAsked): readonly string[] {
  const { roles, mode, redis } = asked;
  if (roles.includes(SENTINEL)) return sentinelProblems(asked);
  const missing = ROLES.filter((each) => each !== 'watchdog' && !roles.includes(each));
  const problems: string[] = [];
  if (roles.includes('watchdog') && !roles.includes('bot')) {
    problems.push(
      'VIGIL_ROLES has watchdog without bot, and what it finds is told through the bot: add bot, or take watchdog out',
    );
  }
  if (missing.length > 0 && (mode === 'demo' || mode === 'paper')) {
    problems.push(
      `VIGIL_ROLES leaves out ${missing.join(', ')}, and the ${mode} account lives in one process: leave VIGIL_ROLES out`,
    );
  } else if (missing.length > 0 && !redis) {
    problems.push(
      `VIGIL_ROLES leaves out ${missing.join(', ')}, and whatever runs that has to share this one's Redis: set REDIS_URL, the same one for all`,
    );
  }
  return problems;
}

function sentinelProblems({ roles, mode, heartbeat, owner }: RolesAsked): readonly string[] {
  if (roles.length > 1) {
    return [
      'VIGIL_ROLES has sentinel beside others, and it cannot watch over the process that it runs in: start it as a process of its own',
    ];
  }
  if (mode === 'demo' || mode === 'paper') {
    return [
      `VIGIL_ROLES is sentinel, which reads an exchange, and VIGIL_MODE is "${mode}": set watch or live. To try it: npm run demo -- --sentinel`,
    ];
  }
  const problems: string[] = [];
  if (heartbeat === undefined) {
    problems.push(
      'VIGIL_ROLES sentinel needs VIGIL_HEARTBEAT_URL: the address that Vigil calls, at which the sentinel then listens',
    );
  } else if (!heartbeat.startsWith('http://')) {
    problems.push(
      'VIGIL_HEARTBEAT_URL has to begin with "http://" where a sentinel listens: it speaks no TLS itself',
    );
  }
  if (!owner) {
    problems.push(
      'VIGIL_ROLES sentinel needs VIGIL_OWNER: your numeric Telegram id, which Vigil prints when it starts',
    );
  }
  return problems;
}
