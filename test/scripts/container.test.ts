import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const text = (name: string): string => readFileSync(new URL(name, root), 'utf8');

describe('the container', () => {
  const dockerfile = text('scripts/Dockerfile');

  it('is built from files that exist', () => {
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names]) =>
      (names ?? '').split(' '),
    );
    expect(copied.length).toBeGreaterThan(4);
    expect(copied.filter((name) => !existsSync(new URL(name, root)))).toEqual([]);
  });

  it('takes along all that the start imports', () => {
    const started = text('scripts/start.mjs') + text('scripts/build-state.mjs');
    const needed = [...started.matchAll(/from '\.\/([\w-]+\.mjs)'/g)].flatMap(
      ([, name]) => name ?? [],
    );
    expect(needed).toContain('build-state.mjs');
    for (const name of needed) expect(dockerfile).toContain(`/vigil/scripts/${name}`);
  });

  it('has a health check', () => {
    expect(dockerfile).toMatch(/^HEALTHCHECK .*CMD \["node", "scripts\/healthy\.mjs"\]$/m);
    expect(dockerfile).toContain('/vigil/scripts/healthy.mjs');
  });

  it('does not run as root', () => {
    expect(dockerfile.trimEnd().split('FROM').at(-1)).toMatch(/^USER node$/m);
  });
});

describe('the composition', () => {
  const compose = text('docker-compose.yml');

  it('publishes no port', () => {
    expect(compose).not.toMatch(/^\s*ports:/m);
  });

  it('keeps what Redis holds', () => {
    expect(compose).toMatch(/--appendonly\s+- 'yes'/);
    expect(compose).toMatch(/--maxmemory-policy\s+- noeviction/);
    expect(compose).toMatch(/redis-data:\/data/);
  });

  it('gives Redis a password that has no default, and a network that only Vigil shares', () => {
    const redis = compose.slice(compose.indexOf('\n  redis:'), compose.indexOf('  # Optional'));
    expect(redis).toMatch(/--requirepass\s+- \$\{REDIS_PASSWORD:\?/);
    expect(redis).toMatch(/networks: \[memory\]/);
    expect(compose).toMatch(/memory:\n\s+internal: true/);
    expect(compose).not.toMatch(/\$\{REDIS_PASSWORD(?!:\?)/);
  });

  it('limits memory and logs of each part', () => {
    expect(compose.match(/mem_limit:/g)).toHaveLength(4);
    expect(compose.match(/logging:/g)).toHaveLength(4);
  });

  it('has a sentinel that is no part of what it watches: without Redis, and with a key of its own where there is one', () => {
    const sentinel = compose.slice(
      compose.indexOf('  sentinel:'),
      compose.indexOf('  quickchart:'),
    );
    expect(sentinel).toMatch(/VIGIL_ROLES: sentinel/);
    expect(sentinel).toMatch(/networks: \[outside\]/);
    expect(sentinel).toMatch(/profiles: \[sentinel\]/);
    expect(sentinel).toContain('${SENTINEL_API_KEY:-');
    expect(sentinel).not.toContain('depends_on');
  });

  it('lets no figure out through the chart server', () => {
    const chart = compose.slice(compose.indexOf('  quickchart:'), compose.indexOf('\nnetworks:'));
    expect(chart).toMatch(/DISABLE_TELEMETRY: '1'/);
    expect(chart).toMatch(/networks: \[pictures\]/);
    expect(compose).toMatch(/pictures:\n\s+internal: true/);
  });
});
