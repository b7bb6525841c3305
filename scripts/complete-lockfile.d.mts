interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}
interface Lockfile {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}
export function platformOf(
  name: string,
): { os: string[]; cpu: string[]; libc?: string[] } | undefined;
export function missingIn(lockfile: Lockfile): Map<string, object>;
export function unprovenIn(lockfile: Lockfile): string[];
export function complete(lockfile: Lockfile): Lockfile;
