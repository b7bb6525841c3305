/** Runs the import rules of .dependency-cruiser.mjs and does not trust a run that saw nothing. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  cruise,
  type ICruiseOptions,
  type ICruiseResult,
  type IForbiddenRuleType,
} from 'dependency-cruiser';

interface Configuration {
  readonly forbidden: IForbiddenRuleType[];
  readonly options: ICruiseOptions;
}

const { default: configuration } = (await import(
  new URL('../.dependency-cruiser.mjs', import.meta.url).href
)) as { default: Configuration };

export interface LayerFinding {
  readonly rule: string;
  readonly from: string;
  readonly to: string;
  readonly advice: string;
}

/** What the rules say about `src/` under `base`, and how many modules they looked at. */
export async function cruiseLayers(
  base: string,
): Promise<{ modules: number; findings: LayerFinding[] }> {
  const { output } = await cruise(['src'], {
    ...configuration.options,
    baseDir: base,
    ruleSet: { forbidden: configuration.forbidden },
    validate: true,
    outputType: 'json',
  });
  const result = (typeof output === 'string' ? JSON.parse(output) : output) as ICruiseResult;
  const advice = new Map(configuration.forbidden.map((rule) => [rule.name, rule.comment ?? '']));
  return {
    modules: result.summary.totalCruised,
    findings: result.summary.violations.map(({ rule, from, to, cycle }) => ({
      rule: rule.name,
      from,
      to: cycle === undefined ? to : cycle.map((step) => step.name).join(' -> '),
      advice: advice.get(rule.name) ?? '',
    })),
  };
}

/** The violations as a text with advice, or an empty text. */
export async function checkLayers(base: string): Promise<string> {
  const { modules, findings } = await cruiseLayers(base);
  if (modules === 0) {
    return 'dependency-cruiser looked at no module at all: its TypeScript support is broken (a compiler it does not know?).';
  }
  return findings
    .map(({ rule, from, to, advice }) => `${from} -> ${to}\n  ${rule}: ${advice}`)
    .join('\n');
}

/** Writes `files` into a new folder, cruises them there and removes them. */
export async function cruisePlanted(
  files: Readonly<Record<string, string>>,
): Promise<LayerFinding[]> {
  const base = await mkdtemp(join(tmpdir(), 'vigil-layers-'));
  try {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(base, path)), { recursive: true });
      await writeFile(join(base, path), text);
    }
    return (await cruiseLayers(base)).findings;
  } finally {
    await rm(base, { recursive: true, force: true });
  }
}

/** A text when a domain file that imports an adapter goes unnoticed. */
export async function plantedLayerViolation(): Promise<string> {
  const findings = await cruisePlanted({
    'src/domain/a.ts': "import { b } from '../store/b.ts';\nexport const a = b;\n",
    'src/store/b.ts': 'export const b = 1;\n',
  });
  return findings.some(({ rule }) => rule === 'layer-domain')
    ? ''
    : 'A planted import from domain/ to store/ went unnoticed: the import rules do not work.';
}
