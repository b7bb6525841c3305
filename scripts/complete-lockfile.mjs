/**
 * Completes package-lock.json with the packages for other platforms (run it after changing dependencies:
 * `node scripts/complete-lockfile.mjs`). A registry mirror may lack them, then npm leaves them out, and `npm ci` refuses
 * such a lockfile. An entry needs only the version and the platform; npm fetches it where it fits.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Names in package names and what npm calls them in `os`, `cpu` and `libc`. */
const OS = [
  'android',
  'darwin',
  'freebsd',
  'linux',
  'openharmony',
  'win32',
  'aix',
  'sunos',
  'netbsd',
  'openbsd',
];
const CPU = ['arm64', 'arm', 'x64', 'ia32', 'ppc64', 'riscv64', 's390x', 'loong64', 'mips64el'];

/** The platform that a package name such as "@oxlint/binding-linux-x64-musl" tells, or undefined. */
export function platformOf(name) {
  const words = name.split(/[/-]/);
  const os = OS.find((word) => words.includes(word));
  const cpu = CPU.find((word) => words.includes(word));
  if (os === undefined || cpu === undefined) return undefined;
  const libc = words.some((word) => word.startsWith('musl'))
    ? 'musl'
    : words.some((word) => word.startsWith('gnu'))
      ? 'glibc'
      : undefined;
  return { os: [os], cpu: [cpu], ...(os === 'linux' && libc !== undefined && { libc: [libc] }) };
}

/** Optional packages that a locked package names and the lockfile lacks: path, version and who names it. */
export function missingIn(lockfile) {
  const found = new Map();
  for (const owner of Object.values(lockfile.packages)) {
    for (const [name, version] of Object.entries(owner.optionalDependencies ?? {})) {
      const path = `node_modules/${name}`;
      if (lockfile.packages[path] === undefined) found.set(path, { name, version, owner });
    }
  }
  return found;
}

/** The lockfile with an entry for each missing package whose name tells its platform and whose version is exact. */
export function complete(lockfile) {
  const added = {};
  for (const [path, { name, version, owner }] of missingIn(lockfile)) {
    const platform = platformOf(name);
    if (platform === undefined || !/^\d+\.\d+\.\d+/.test(version)) continue;
    added[path] = { version, ...platform, ...(owner.dev && { dev: true }), optional: true };
  }
  const packages = Object.entries({ ...lockfile.packages, ...added });
  packages.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return { ...lockfile, packages: Object.fromEntries(packages) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = process.argv[2] ?? fileURLToPath(new URL('../package-lock.json', import.meta.url));
  const lockfile = JSON.parse(readFileSync(file, 'utf8'));
  const completed = complete(lockfile);
  writeFileSync(file, `${JSON.stringify(completed, undefined, 2)}\n`);
  const count = Object.keys(completed.packages).length - Object.keys(lockfile.packages).length;
  console.log(
    `Added ${count} packages of other platforms; ${missingIn(completed).size} are still missing.`,
  );
}
