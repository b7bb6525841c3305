/**
 * Completes package-lock.json with the packages for other platforms (run it after changing dependencies:
 * `node scripts/complete-lockfile.mjs`). A registry mirror may lack them, then npm leaves them out, and `npm ci` refuses
 * such a lockfile. Each entry gets the version, the platform and the checksum that the registry tells; npm fetches it where it fits.
 */
import { execFileSync } from 'node:child_process';
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

/** Paths of the packages whose content nothing proves. */
export function unprovenIn({ packages }) {
  return Object.keys(packages).filter(
    (path) => path !== '' && packages[path].integrity === undefined,
  );
}

/** The checksum that the registry tells of one version of a package; undefined where it does not have that version. */
function integrityOf(name, version) {
  try {
    const told = execFileSync('npm', ['view', `${name}@${version}`, 'dist.integrity'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return /sha512-\S+/.exec(told)?.[0];
  } catch {
    return undefined;
  }
}

function prove(lockfile) {
  const packages = { ...lockfile.packages };
  for (const path of unprovenIn(lockfile)) {
    const { version, ...rest } = packages[path];
    const integrity = integrityOf(path.slice(path.lastIndexOf('node_modules/') + 13), version);
    if (integrity !== undefined) packages[path] = { version, integrity, ...rest };
  }
  return { ...lockfile, packages };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = process.argv[2] ?? fileURLToPath(new URL('../package-lock.json', import.meta.url));
  const lockfile = JSON.parse(readFileSync(file, 'utf8'));
  const completed = prove(complete(lockfile));
  writeFileSync(file, `${JSON.stringify(completed, undefined, 2)}\n`);
  const count = Object.keys(completed.packages).length - Object.keys(lockfile.packages).length;
  console.log(
    `Added ${count} packages of other platforms; ${missingIn(completed).size} are still missing, ` +
      `${unprovenIn(completed).length} have no checksum.`,
  );
}
