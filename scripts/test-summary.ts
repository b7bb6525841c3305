/** A vitest reporter that counts what scripts/test.ts prints last, and keeps why tests were skipped. */
import { writeFileSync } from 'node:fs';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';

export interface TestSummary {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
}

/** Counts tests; a file that cannot be loaded and an error outside any test count as a failed one each. */
export function summarize(
  modules: readonly TestModule[],
  unhandled: readonly SerializedError[],
): TestSummary {
  let passed = 0;
  let failed = unhandled.length;
  const skipped: { name: string; reason: string }[] = [];
  for (const module of modules) {
    failed += module.errors().length;
    for (const suite of module.children.allSuites()) failed += suite.errors().length;
    for (const test of module.children.allTests()) {
      const result = test.result();
      if (result.state === 'passed') passed += 1;
      else if (result.state === 'skipped') {
        skipped.push({
          name: `${module.relativeModuleId} > ${test.fullName}`,
          reason: result.note ?? 'no reason given',
        });
      } else failed += 1;
    }
  }
  return { passed, failed, skipped };
}

export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const file = process.env['VIGIL_TEST_SUMMARY'];
    if (file !== undefined) writeFileSync(file, JSON.stringify(summarize(modules, unhandled)));
  }
}
