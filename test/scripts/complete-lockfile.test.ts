import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { complete, missingIn, platformOf, unprovenIn } from '../../scripts/complete-lockfile.mjs';

const lockfile = async (): Promise<Parameters<typeof missingIn>[0]> =>
  JSON.parse(
    await readFile(new URL('../../package-lock.json', import.meta.url), 'utf8'),
  ) as Parameters<typeof missingIn>[0];

describe('the lockfile', () => {
  it('has a checksum for every package, so that nobody can put another one in its place', async () => {
    expect(unprovenIn(await lockfile()), 'run: node scripts/complete-lockfile.mjs').toEqual([]);
  });

  it('lists the packages of every platform, so that npm ci accepts it everywhere', async () => {
    const missing = missingIn(await lockfile());
    expect([...missing.keys()], 'run: node scripts/complete-lockfile.mjs').toEqual([]);
  });
});

describe('a platform', () => {
  it.each([
    ['@oxlint/binding-linux-x64-musl', { os: ['linux'], cpu: ['x64'], libc: ['musl'] }],
    ['@oxfmt/binding-linux-arm-gnueabihf', { os: ['linux'], cpu: ['arm'], libc: ['glibc'] }],
    ['@napi-rs/canvas-darwin-arm64', { os: ['darwin'], cpu: ['arm64'] }],
    ['@napi-rs/canvas-win32-x64-msvc', { os: ['win32'], cpu: ['x64'] }],
    ['@oxlint-tsgolint/darwin-x64', { os: ['darwin'], cpu: ['x64'] }],
    ['@msgpackr-extract/msgpackr-extract-linux-arm', { os: ['linux'], cpu: ['arm'] }],
    ['bufferutil', undefined],
    ['linux-tools', undefined],
  ])('of %s', (name, platform) => {
    expect(platformOf(name)).toEqual(platform);
  });
});

describe('completing', () => {
  const owner = { version: '2.0.0', dev: true };

  it('adds what a package names and leaves what is there', () => {
    const there = { version: '2.0.0', optional: true };
    const optionalDependencies = { 'x-linux-x64-gnu': '2.0.0', 'x-darwin-arm64': '2.0.0' };
    const before = {
      packages: {
        'node_modules/x': { ...owner, optionalDependencies },
        'node_modules/x-linux-x64-gnu': there,
      },
    };
    expect(complete(before).packages).toEqual({
      ...before.packages,
      'node_modules/x-darwin-arm64': {
        version: '2.0.0',
        os: ['darwin'],
        cpu: ['arm64'],
        dev: true,
        optional: true,
      },
    });
    expect(missingIn(complete(before)).size).toBe(0);
  });

  it('invents neither a platform nor a version', () => {
    const optionalDependencies = { bufferutil: '1.0.0', 'x-darwin-arm64': '^2.0.0' };
    const before = { packages: { 'node_modules/x': { ...owner, optionalDependencies } } };
    expect(complete(before)).toEqual(before);
    expect(missingIn(complete(before)).size).toBe(2);
  });
});
