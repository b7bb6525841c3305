/** Banned words, each with what to write instead. `bad` and `good` are planted by the test, so that no rule sleeps. */
import { lineAt, type Source, type Violation } from './source.ts';

export interface TextRule {
  readonly name: string;
  readonly pattern: RegExp;
  /** `code` looks past comments and strings, `text` at everything. */
  readonly looksAt: 'code' | 'text';
  readonly where: RegExp;
  readonly except?: RegExp;
  readonly advice: string;
  readonly bad: readonly [path: string, text: string];
  readonly good: readonly [path: string, text: string];
}

const PURE = /^src\/(domain|indicators|signals|risk|alerts|backtest)\//;
const SRC = /^src\//;
const OURS = /^(src|scripts|test)\//;
const TESTS = /^test\//;
/** The rules and what they are tried on name what they ban. */
const TIDY = /^test\/tidy(\/|\.test\.ts$)/;
const PROCESS_CARE = /^src\/process\/redis\//;
const MONEY_NAME = '(price|qty|quantity|usd|balance|equity|margin|fee|fees|pnl|notional)';

export const TEXT_RULES: readonly TextRule[] = [
  {
    name: 'pure-synchronous',
    pattern: /\b(async|await|Promise)\b/g,
    looksAt: 'code',
    where: PURE,
    advice: 'Decide synchronously; the use case in app/ loads before and does after.',
    bad: ['src/risk/a.ts', 'export const a = async () => 1;'],
    good: ['src/risk/a.ts', '// not async, no Promise\nexport const a = () => "await";'],
  },
  {
    name: 'pure-without-clock',
    pattern: /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.now\b|\bMath\.random\b/g,
    looksAt: 'code',
    where: PURE,
    advice: 'Take the time (Timestamp) or the random source as an argument.',
    bad: ['src/domain/time.ts', 'export const at = () => new Date();'],
    good: ['src/domain/time.ts', 'export const text = (at: number) => new Date(at).toISOString();'],
  },
  {
    name: 'clock-as-argument',
    pattern: /\bDate\.now\b|\bnew Date\(\s*\)/g,
    looksAt: 'code',
    where: /^src\/(app|store|charts)\//,
    except: PROCESS_CARE,
    advice: "Take a Clock: a demo's time runs faster than the wall's.",
    bad: ['src/app/a.ts', 'export const a = () => Date.now();'],
    good: ['src/jobs/a.ts', 'export const a = () => Date.now();'],
  },
  {
    name: 'timers-at-the-edge',
    pattern: /\b(setTimeout|setInterval|setImmediate)\(/g,
    looksAt: 'code',
    where: /^src\/(domain|indicators|signals|risk|alerts|backtest|app|store)\//,
    except: PROCESS_CARE,
    advice: 'Waiting belongs to jobs/, exchange/, simulator/ or bot/: take a function that waits.',
    bad: ['src/app/a.ts', 'setTimeout(go, 5);'],
    good: ['src/jobs/a.ts', 'setTimeout(go, 5);'],
  },
  {
    name: 'no-parse-float',
    pattern: /(?<!Number\.)\bparseFloat\(/g,
    looksAt: 'code',
    where: SRC,
    advice: 'It reads "1abc" as 1. Money: price, qty, usd of domain/money.ts; else a zod schema.',
    bad: ['src/exchange/a.ts', 'const a = parseFloat(text);'],
    good: ['src/exchange/a.ts', 'const a = price(text);'],
  },
  {
    name: 'no-number-of-money',
    pattern: new RegExp(
      String.raw`\b(Number|Number\.parseFloat)\(\s*([\w.]*\.)?\w*${MONEY_NAME}\)`,
      'gi',
    ),
    looksAt: 'code',
    where: /^src\/(domain|risk|alerts|app|exchange|store|jobs|bot)\//,
    except: /^src\/domain\/money\/money\.ts$/,
    advice:
      'Money stays exact: parse with domain/money.ts, and leave it with toNumber only for charts or statistics.',
    bad: ['src/exchange/a.ts', 'const a = Number(row.markPrice);'],
    good: ['src/exchange/a.ts', 'const a = Number(row.leverage);'],
  },
  {
    name: 'one-exchange-one-folder',
    pattern:
      /\b(tpsl|\w*[uU]nrealizedPNL|realizedPNL|tpPrice|slPrice|tpStopType|slStopType|reductionOnly|tradeSide|ISOLATION|ONE_WAY)\b/g,
    looksAt: 'text',
    where: /^src\/.+\.ts$/,
    except: /^src\/(exchange\/bitunix|simulator|demo)\//,
    advice:
      "BitUnix's own words are read in exchange/bitunix/ alone: a second exchange is one folder.",
    bad: ['src/app/a.ts', "const channel = 'tpsl';"],
    good: ['src/exchange/bitunix/a.ts', "const channel = 'tpsl';"],
  },
  {
    name: 'config-reads-the-environment',
    pattern: /\bprocess\.env\b/g,
    looksAt: 'code',
    where: SRC,
    except: /^src\/(config|main)\.ts$/,
    advice: 'Add the setting to src/config.ts and take its value as an argument.',
    bad: ['src/bot/a.ts', "const a = process.env['TOKEN'];"],
    good: ['src/main.ts', 'readConfig(process.env);'],
  },
  {
    name: 'no-as-any',
    pattern: /\bas any\b|<any>/g,
    looksAt: 'code',
    where: OURS,
    advice: 'Parse with a schema, or say what it is: `unknown` and a check.',
    bad: ['test/a.ts', 'const a = b as any;'],
    good: ['test/a.ts', 'const a = b as unknown;'],
  },
  {
    name: 'no-silenced-compiler',
    pattern: /@ts-(ignore|nocheck)|(?:es|ox)lint-disable/g,
    looksAt: 'text',
    where: OURS,
    except: TIDY,
    advice:
      'Mend the type; a rule that is wrong is changed for all in .oxlintrc.json with its reason.',
    bad: ['src/a.ts', '// @ts-ignore\nconst a = 1;'],
    good: ['test/a.type.test.ts', '// @ts-expect-error a quantity is no price\nconst a = 1;'],
  },
  {
    name: 'nothing-left-to-do',
    pattern: /\b(TODO|FIXME|XXX|HACK)\b/g,
    looksAt: 'text',
    where: OURS,
    except: TIDY,
    advice: 'Do it now, or leave it out.',
    bad: ['src/a.ts', '// TODO: later'],
    good: ['src/a.ts', '// Done.'],
  },
  {
    name: 'no-module-mocks',
    pattern: /\bvi\.(mock|doMock|hoisted|stubGlobal)\(/g,
    looksAt: 'code',
    where: TESTS,
    advice: 'Pass a hand-written fake, or use the real part: the simulator, a private Redis.',
    bad: ['test/a.test.ts', "vi.mock('./a.ts');"],
    good: ['test/a.test.ts', 'const clock = fakeClock();'],
  },
  {
    name: 'every-test-runs',
    pattern: /\b(it|test|describe)(\.\w+)*\.(only|skip|skipIf|runIf|todo|fails)\b/g,
    looksAt: 'code',
    where: TESTS,
    advice:
      'Run it, delete it, or `context.skip("why")` inside it when the machine lacks something.',
    bad: ['test/a.test.ts', "it.only('a', () => {});"],
    good: ['test/a.test.ts', "it('a', (context) => context.skip('no Chromium'));"],
  },
  {
    name: 'skips-say-why',
    pattern: /\.skip\(\s*\)/g,
    looksAt: 'text',
    where: TESTS,
    except: TIDY,
    advice: 'Give the reason: `context.skip("no Chromium found")`.',
    bad: ['test/a.test.ts', "it('a', (context) => context.skip());"],
    good: ['test/a.test.ts', "it('a', (context) => context.skip('no Chromium'));"],
  },
  {
    name: 'names-state-facts',
    pattern: /\b(it|test)(\.each\([^)]*\))?\(\s*['"`][^'"`\n]*\bshould\b/g,
    looksAt: 'text',
    where: TESTS,
    except: TIDY,
    advice: 'State the fact in the present tense: "refuses an order without a stop".',
    bad: ['test/a.test.ts', "it('should refuse', () => {});"],
    good: ['test/a.test.ts', "it('refuses', () => {});"],
  },
  {
    name: 'logs-go-through-the-logger',
    pattern: /\bconsole\.(log|info|debug)\(/g,
    looksAt: 'code',
    where: SRC,
    except: /^src\/(main|run)\.ts$/,
    advice: 'Take the logger, which hides secrets, as an argument.',
    bad: ['src/bot/a.ts', 'console.log(account);'],
    good: ['src/bot/a.ts', 'log.info("sent");'],
  },
  {
    name: 'no-machine-paths',
    pattern: /\/(work|root|home\/\w+|Users\/\w+)\/[\w.]+/g,
    looksAt: 'text',
    where: /./,
    except: TIDY,
    advice: 'Derive paths from import.meta.url, a setting or the temporary folder.',
    bad: ['src/a.ts', "const a = '/root/x';"],
    good: ['src/a.ts', "const a = new URL('./x', import.meta.url);"],
  },
  {
    name: 'no-registry-hosts',
    pattern:
      /registry\.(npmjs|yarnpkg)|deb\.debian\.org|files\.pythonhosted|\b[\w-]+\.(jfrog|artifactory)\b/gi,
    looksAt: 'text',
    where: /./,
    except: TIDY,
    advice: 'Name the package; where it comes from is the machine’s setting.',
    bad: ['README.md', 'curl https://registry.npmjs.org/x'],
    good: ['README.md', 'npm ci'],
  },
  {
    name: 'the-repository-speaks-of-vigil',
    pattern:
      /\b(CEO|sub-?agents?|AI agents?|helper sessions?|workplace|(this|previous|earlier|another) session|Claude|Anthropic|ChatGPT)\b/gi,
    looksAt: 'text',
    where: /./,
    except: TIDY,
    advice: 'Say what Vigil does and why; who wrote it and how is not part of it.',
    bad: ['src/a.ts', '// as the previous session left it'],
    good: ['src/a.ts', '// the session of grammY'],
  },
  {
    name: 'no-resolved-addresses',
    pattern: /"resolved": "http/g,
    looksAt: 'text',
    where: /(^|\/)package-lock\.json$/,
    advice:
      'Install with the .npmrc of the repository, which leaves addresses out of the lockfile.',
    bad: ['package-lock.json', '"resolved": "https://x/y.tgz"'],
    good: ['package-lock.json', '"version": "1.0.0"'],
  },
];

/** What one rule finds in one file. */
export function applyTextRule(rule: TextRule, source: Source): Violation[] {
  if (!rule.where.test(source.path) || rule.except?.test(source.path)) return [];
  const subject = rule.looksAt === 'code' ? source.code : source.text;
  return [...subject.matchAll(rule.pattern)].map((match) => ({
    path: source.path,
    line: lineAt(subject, match.index),
    rule: rule.name,
    advice: `"${match[0].trim()}": ${rule.advice}`,
  }));
}
