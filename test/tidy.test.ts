import { describe, expect, it } from 'vitest';
import {
  FILE_LINES_MAX,
  FUNCTION_LINES_MAX,
  tooLongFile,
  tooLongFunctions,
} from './tidy/size-rules.ts';
import { namesNoFile } from './tidy/readme-names.ts';
import { exceptionsIn, readSources, sourceOf, type Source, type Violation } from './tidy/source.ts';
import { applyTextRule, TEXT_RULES } from './tidy/text-rules.ts';
import {
  crowdedFolders,
  FOLDER_FILES_MAX,
  foldersWithoutReadme,
  unreachable,
  vagueNames,
} from './tidy/tree-rules.ts';

const EXCEPTIONS_MAX = 15;

const sources = readSources(new URL('..', import.meta.url).pathname);

/** Violations that no `// tidy-ok: reason` covers, as lines to read. */
function remaining(violations: readonly Violation[], among: readonly Source[]): string[] {
  const byPath = new Map(among.map((source) => [source.path, source]));
  return violations
    .filter(({ path, line }) => {
      const source = byPath.get(path);
      return source === undefined || !exceptionsIn(source).has(line);
    })
    .map(({ path, line, rule, advice }) => `${path}:${line} ${rule}: ${advice}`);
}

describe('the repository', () => {
  it('is read', () => {
    expect(sources.some(({ path }) => path === 'test/tidy.test.ts')).toBe(true);
    expect(sources.filter(({ path }) => path.startsWith('src/')).length).toBeGreaterThan(5);
  });

  it.each(TEXT_RULES.map((rule) => [rule.name, rule] as const))('keeps %s', (_name, rule) => {
    const found = sources.flatMap((source) => applyTextRule(rule, source));
    expect(remaining(found, sources)).toEqual([]);
  });

  it('has no file that is too long', () => {
    expect(remaining(sources.flatMap(tooLongFile), sources)).toEqual([]);
  });

  it('has no function that is too long', () => {
    expect(remaining(sources.flatMap(tooLongFunctions), sources)).toEqual([]);
  });

  it('has no file in src/ that no entry leads to', () => {
    expect(remaining(unreachable(sources), sources)).toEqual([]);
  });

  it('explains each folder of src/', () => {
    const finished = sources.some(({ path }) => path === 'src/main.ts');
    expect(finished ? remaining(foldersWithoutReadme(sources), sources) : []).toEqual([]);
  });

  it('names no file in a README that is not there', () => {
    expect(remaining(namesNoFile(sources), sources)).toEqual([]);
    const planted = ['here.ts', 'gone.ts', 'rules/'].map((name) => `\`${name}\``).join(' ');
    const readme = sourceOf('src/risk/README.md', planted);
    expect(namesNoFile([readme, sourceOf('src/risk/here.ts', '')])).toMatchObject([
      { advice: expect.stringContaining('"gone.ts"') as string },
      { advice: expect.stringContaining('"rules/"') as string },
    ]);
  });

  it('has rooms that can be looked over, and nothing loose', () => {
    expect(remaining(crowdedFolders(sources), sources)).toEqual([]);
  });

  it('names its files after what they hold', () => {
    expect(remaining(vagueNames(sources), sources)).toEqual([]);
  });

  it(`makes at most ${EXCEPTIONS_MAX} exceptions, each with its reason`, () => {
    const ours = sources.filter(({ path }) => !path.startsWith('test/tidy'));
    const marked = ours.flatMap(({ path, text }) =>
      text.split('\n').flatMap((line, index) => {
        const at = line.indexOf('// tidy-ok');
        return at < 0 ? [] : [`${path}:${index + 1} ${line.slice(at)}`];
      }),
    );
    if (marked.length > 0) console.log(`Exceptions from the house rules:\n${marked.join('\n')}`);
    expect(marked.filter((line) => !/tidy-ok: .{10,}/.test(line))).toEqual([]);
    expect(marked.length).toBeLessThanOrEqual(EXCEPTIONS_MAX);
  });
});

describe('a text rule', () => {
  it.each(TEXT_RULES.map((rule) => [rule.name, rule] as const))(
    '%s sees its planted violation and lets the right way pass',
    (_name, rule) => {
      expect(applyTextRule(rule, sourceOf(...rule.bad))).not.toEqual([]);
      expect(applyTextRule(rule, sourceOf(...rule.good))).toEqual([]);
    },
  );

  it('names file, line and replacement', () => {
    const rule = TEXT_RULES.find(({ name }) => name === 'no-parse-float');
    const source = sourceOf('src/a.ts', '// fine\n\nconst a = parseFloat(text);\n');
    expect(rule && applyTextRule(rule, source)).toMatchObject([
      { path: 'src/a.ts', line: 3, rule: 'no-parse-float' },
    ]);
  });
});

describe('an exception', () => {
  const lineOfAny = (text: string): string[] => {
    const rule = TEXT_RULES.filter(({ name }) => name === 'no-as-any');
    const source = sourceOf('src/a.ts', text);
    return remaining(
      rule.flatMap((one) => applyTextRule(one, source)),
      [source],
    );
  };

  it('covers its own line and the next one, and no more', () => {
    expect(lineOfAny('const a = b as any; // tidy-ok: the library has no types')).toEqual([]);
    expect(lineOfAny('// tidy-ok: the library has no types\nconst a = b as any;')).toEqual([]);
    expect(lineOfAny('// tidy-ok: the library has no types\n\nconst a = b as any;')).toHaveLength(
      1,
    );
  });

  it('without a reason covers nothing', () => {
    expect(lineOfAny('const a = b as any; // tidy-ok: no')).toHaveLength(1);
  });
});

describe('sizes', () => {
  const lines = (count: number): string => 'const a = 1;\n'.repeat(count);

  it('allow a file of exactly the most lines and not one more', () => {
    expect(tooLongFile(sourceOf('src/a.ts', lines(FILE_LINES_MAX)))).toEqual([]);
    expect(tooLongFile(sourceOf('src/a.ts', lines(FILE_LINES_MAX + 1)))).toHaveLength(1);
    expect(tooLongFile(sourceOf('src/bot/README.md', 'a\n'.repeat(61)))).toHaveLength(1);
  });

  it.each([
    ['a function', 'function a() {\n', '}'],
    ['an arrow', 'const a = () => {\n', '};'],
    ['a method', 'class A { a() {\n', '} }'],
    ['a constructor', 'class A { constructor() {\n', '} }'],
  ])('allow %s of exactly the most lines and not one more', (_what, open, close) => {
    const body = (count: number): Source =>
      sourceOf('src/a.ts', `${open}${lines(count - 2)}${close}`);
    expect(tooLongFunctions(body(FUNCTION_LINES_MAX))).toEqual([]);
    expect(tooLongFunctions(body(FUNCTION_LINES_MAX + 1))).toHaveLength(1);
  });
});

describe('the tree', () => {
  const tree = (files: Record<string, string>): Source[] =>
    Object.entries(files).map(([path, text]) => sourceOf(path, text));
  const main = "import './bot/a.ts';\nnew Worker(new URL('./charts/w.ts', import.meta.url));";

  it('shows a file that no entry leads to', () => {
    const found = unreachable(
      tree({
        'src/main.ts': main,
        'src/bot/a.ts': "export { b } from './b.ts';",
        'src/bot/b.ts': '',
        'src/bot/lost.ts': "import './b.ts';",
        'src/charts/w.ts': '',
      }),
    );
    expect(found.map(({ path }) => path)).toEqual(['src/bot/lost.ts']);
  });

  it('shows a folder without a README', () => {
    const found = foldersWithoutReadme(
      tree({ 'src/bot/a.ts': '', 'src/risk/limits/a.ts': '', 'src/risk/README.md': '' }),
    );
    expect(found.map(({ path }) => path)).toEqual(['src/bot/README.md']);
  });

  it('shows a crowded room and a loose file, and lets lists grow', () => {
    const files = (folder: string, count: number) =>
      Array.from({ length: count }, (_each, at) => [`src/${folder}/a${at}.ts`, ''] as const);
    const found = crowdedFolders(
      tree(
        Object.fromEntries([
          ...files('bot', FOLDER_FILES_MAX),
          ...files('bot/access', FOLDER_FILES_MAX + 1),
          ...files('bot/commands', FOLDER_FILES_MAX + 1),
          ['src/main.ts', ''],
          ['src/config.ts', ''],
          ['src/run.ts', ''],
        ]),
      ),
    );
    expect(found.map(({ path }) => path)).toEqual(['src/bot/access', 'src/run.ts']);
  });

  it('shows names that tell nothing', () => {
    const names = ['src/utils/a.ts', 'src/bot/index.ts', 'src/bot/chatId.ts', 'src/bot/chat-id.ts'];
    const found = vagueNames(tree(Object.fromEntries(names.map((name) => [name, '']))));
    expect(found.map(({ path }) => path)).toEqual(names.slice(0, 3));
  });
});
