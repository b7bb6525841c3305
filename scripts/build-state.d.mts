export function sourceHash(root: string): string;
export function builtFrom(root: string): string | undefined;
export function entry(root: string): string[];
