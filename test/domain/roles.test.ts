import { describe, expect, it } from 'vitest';
import { roleProblems, ROLES, type Role, type RolesAsked } from '../../src/domain/process/roles.ts';

const asked = (roles: readonly Role[], over: Partial<RolesAsked> = {}): RolesAsked => ({
  roles,
  mode: 'live',
  redis: true,
  heartbeat: 'http://sentinel:8799/word',
  owner: true,
  ...over,
});

/** Every set of roles but the empty one. */
const sets: readonly Role[][] = Array.from({ length: 2 ** 5 - 1 }, (_, index) =>
  ([...ROLES, 'sentinel'] as const).filter((_role, bit) => ((index + 1) >> bit) & 1),
);

describe('a set of roles', () => {
  it('works, or is refused with a sentence that says what to do', () => {
    for (const roles of sets) {
      for (const mode of ['demo', 'paper', 'watch', 'live']) {
        for (const redis of [true, false]) {
          const problems = roleProblems(asked(roles, { mode, redis }));
          const sentinel = roles.includes('sentinel');
          const real = mode === 'watch' || mode === 'live';
          const whole = ['bot', 'worker', 'stream'].every((each) => roles.includes(each as Role));
          const works = sentinel
            ? roles.length === 1 && real
            : (!roles.includes('watchdog') || roles.includes('bot')) && (whole || (real && redis));
          expect(problems.length === 0, `${roles.join(',')} ${mode} ${redis}`).toBe(works);
          for (const each of problems) expect(each).toMatch(/^VIGIL_ROLES .*: /);
        }
      }
    }
  });

  it('alone is no watchdog: what it finds is told through the bot', () => {
    expect(roleProblems(asked(['watchdog']))[0]).toContain('add bot');
  });
});

describe('a sentinel', () => {
  it.each<[Partial<RolesAsked>, string]>([
    [{ heartbeat: undefined }, 'needs VIGIL_HEARTBEAT_URL'],
    [{ heartbeat: 'https://example.org/word' }, 'has to begin with "http://"'],
    [{ owner: false }, 'needs VIGIL_OWNER'],
    [{ mode: 'demo' }, 'npm run demo -- --sentinel'],
  ])('without what it needs says so: %j', (over, words) => {
    expect(roleProblems(asked(['sentinel'], over))).toEqual([expect.stringContaining(words)]);
  });

  it('needs no Redis', () => {
    expect(roleProblems(asked(['sentinel'], { redis: false }))).toEqual([]);
  });
});
