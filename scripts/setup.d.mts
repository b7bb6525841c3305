interface Lockfile {
  readonly packages: Readonly<Record<string, object>>;
}
export function nodeProblem(version: string, wanted: string): string | undefined;
export function isInstalled(
  lockfile: Lockfile,
  installed: Lockfile,
  options: { readonly production: boolean },
): boolean;
export function setUp(root: string, say: (line: string) => void): Promise<string | undefined>;
