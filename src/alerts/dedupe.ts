import type { Finding } from '../domain/alert.ts';

/** Findings whose happening was not told yet, each once; the first of equal keys stays. */
export function notYetTold(
  findings: readonly Finding[],
  told: { has(key: string): boolean },
): Finding[] {
  const seen = new Set<string>();
  return findings.filter((each) => {
    if (seen.has(each.key) || told.has(each.key)) return false;
    seen.add(each.key);
    return true;
  });
}
