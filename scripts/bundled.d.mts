/** The script as plain JavaScript of the present sources, made where it is not at hand. Rejects with the bundler's words. */
export function bundled(root: string, name: string): Promise<string>;
