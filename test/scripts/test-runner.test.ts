import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lastLine, requireBrowser } from '../../scripts/test.ts';
import type { TestSummary } from '../../scripts/test-summary.ts';

const path = (name: string): string => new URL(name, import.meta.url).pathname;

describe('the last line', () => {
  const skip = (reason: string): { name: string; reason: string } => ({ name: 'a', reason });

  it.each([
    [{ passed: 3, failed: 0, skipped: [] }, '3 passed, 0 failed'],
    [{ passed: 3, failed: 1, skipped: [skip('why')] }, '3 passed, 1 failed, 1 skipped'],
  ])('of %j is %j', (summary, line) => {
    expect(lastLine(summary)).toBe(line);
  });

  it('counts skips for want of a browser as failures where one is required', () => {
    const skipped = [skip('no Chromium found'), skip('no apt-get')];
    expect(lastLine(requireBrowser({ passed: 1, failed: 0, skipped }))).toBe(
      '1 passed, 1 failed, 1 skipped',
    );
  });
});

describe('the summary of a run', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(path('./run-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  async function summaryOf(files: Record<string, string>): Promise<TestSummary> {
    const out = await mkdtemp(join(tmpdir(), 'summary-'));
    const summary = join(out, 'summary.json');
    const head = "import { describe, expect, it } from 'vitest';\n";
    for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), head + text);
    const reporter = `--reporter=${path('../../scripts/test-summary.ts')}`;
    const vitest = path('../../node_modules/vitest/vitest.mjs');
    await writeFile(
      join(dir, 'vitest.config.ts'),
      "export default { test: { include: ['*.case.ts'] } };\n",
    );
    const child = spawn(process.execPath, [vitest, 'run', '--root', dir, reporter], {
      stdio: 'ignore',
      env: { ...process.env, VIGIL_TEST_SUMMARY: summary },
    });
    await new Promise((resolve) => child.on('close', resolve));
    const text = await readFile(summary, 'utf8');
    await rm(out, { recursive: true });
    return JSON.parse(text) as TestSummary;
  }

  it('counts passes, failures, skips with their reason, broken files and stray errors', async () => {
    const summary = await summaryOf({
      'a.case.ts':
        "it('passes', () => expect(1).toBe(1));\n" +
        "it('fails', () => expect(1).toBe(2));\n" +
        "describe('group', () => it('waits', (context) => context.skip('no Chromium')));\n",
      'broken.case.ts': "throw new Error('cannot be loaded');\n",
      'stray.case.ts':
        "it('passes', async () => { void Promise.reject(new Error('stray')); await new Promise((r) => setTimeout(r, 50)); });\n",
    });
    expect(summary).toEqual({
      passed: 2,
      failed: 3,
      skipped: [{ name: 'a.case.ts > group > waits', reason: 'no Chromium' }],
    });
  });
});
