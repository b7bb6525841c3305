import type { BuildOptions } from 'esbuild';

/** How plain JavaScript is made of sources, whatever it is made for. */
export const BUNDLING: BuildOptions;

/** The script as plain JavaScript of the present sources, made where it is not at hand. Rejects with the bundler's words. */
export function bundled(root: string, name: string): Promise<string>;
