import type { ContractCase, Target } from './contract-case.ts';

export interface CaseResult {
  readonly id: string;
  readonly holds: string;
  readonly ok: boolean;
  /** What was observed, or why it does not hold. */
  readonly detail: string;
}

/** Runs the cases one after the other against one exchange. */
export async function runCases(
  cases: readonly ContractCase[],
  target: Target,
): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  for (const { id, holds, run } of cases) {
    try {
      results.push({ id, holds, ok: true, detail: await run(target) });
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      results.push({ id, holds, ok: false, detail });
    }
  }
  return results;
}
