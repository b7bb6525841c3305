import { describe, expect, it } from 'vitest';
import { checkLayers, cruisePlanted, plantedLayerViolation } from '../../scripts/layers.ts';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  indicators: ['domain'],
  risk: ['domain'],
  alerts: ['domain'],
  signals: ['domain', 'indicators'],
  backtest: ['domain', 'indicators', 'signals', 'risk'],
  app: ['domain', 'indicators', 'signals', 'risk', 'alerts', 'backtest'],
  exchange: ['domain'],
  store: ['domain'],
  charts: ['domain'],
  jobs: ['app', 'domain'],
  bot: ['app', 'domain'],
  simulator: ['domain', 'backtest'],
};
const FOLDERS = Object.keys(ALLOWED);

/** `from` names every folder it imports; each folder has one file that imports nothing. */
const importing = (from: string, to: readonly string[]): Record<string, string> => ({
  ...Object.fromEntries(FOLDERS.map((name) => [`src/${name}/x.ts`, 'export const x = 1;\n'])),
  [`src/${from}/a.ts`]: to
    .map((name, i) => `import { x as x${i} } from '../${name}/x.ts';\nvoid x${i};\n`)
    .join(''),
});

describe('the import rules', () => {
  it.each(FOLDERS)('let %s import what the design allows and nothing else', async (from) => {
    const others = FOLDERS.filter((name) => name !== from);
    const findings = await cruisePlanted(importing(from, others));
    const refused = findings.filter(({ rule }) => rule === `layer-${from}`);
    const forbidden = others.filter((name) => !ALLOWED[from]?.includes(name));
    expect(refused.map(({ to }) => to).toSorted()).toEqual(
      forbidden.map((name) => `src/${name}/x.ts`).toSorted(),
    );
    expect(refused.every(({ advice }) => advice.length > 20)).toBe(true);
  });

  const ports = {
    'src/app/ports/ports.ts': 'export interface Port { a: string }\nexport const b = 1;\n',
  };

  it.each([
    [
      'ports-as-types',
      { ...ports, 'src/store/a.ts': "import { b } from '../app/ports/ports.ts';\nvoid b;\n" },
    ],
    ['pure-without-node', { 'src/risk/a.ts': "import 'node:fs';\n" }],
    ['pure-without-packages', { 'src/risk/a.ts': "import 'zod';\n" }],
    ['config-connects-nothing', { 'src/config.ts': "import './bot/a.ts';\n", 'src/bot/a.ts': '' }],
    [
      'one-exchange-one-folder',
      { 'src/exchange/http/a.ts': "import '../bitunix/b.ts';\n", 'src/exchange/bitunix/b.ts': '' },
    ],
    ['nobody-imports-main', { 'src/run.ts': "import './main.ts';\n", 'src/main.ts': '' }],
    ['src-stands-alone', { 'src/bot/a.ts': "import '../../test/a.ts';\n", 'test/a.ts': '' }],
    ['no-cycles', { 'src/bot/a.ts': "import './b.ts';\n", 'src/bot/b.ts': "import './a.ts';\n" }],
    ['no-orphans', { 'src/bot/a.ts': 'export const a = 1;\n' }],
    ['resolvable', { 'src/bot/a.ts': "import './nowhere.ts';\n" }],
    ['home-of-grammy-grammyjs', { 'src/jobs/a.ts': "import 'grammy';\n" }],
    ['home-of-bullmq', { 'src/app/a.ts': "import 'bullmq';\n" }],
  ])('%s sees its planted violation', async (rule, files) => {
    const findings = await cruisePlanted(files);
    expect(findings.map((finding) => finding.rule)).toContain(rule);
  });

  it('let an adapter name the ports as types', async () => {
    const files = {
      ...ports,
      'src/store/a.ts':
        "import type { Port } from '../app/ports/ports.ts';\nexport type A = Port;\n",
    };
    expect(await cruisePlanted(files)).toEqual([]);
  });

  it('are proven by a planted violation in the gate', async () => {
    expect(await plantedLayerViolation()).toBe('');
  });

  it('do not call a run over nothing a success', async () => {
    const base = await mkdtemp(join(tmpdir(), 'layers-test-'));
    await mkdir(join(base, 'src'));
    expect(await checkLayers(base)).toMatch('no module at all');
    await rm(base, { recursive: true });
  });
});
