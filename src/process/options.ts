import { parseArgs } from 'node:util';
import { TEXT, type Kind } from './option-kinds.ts';

/** An option that is there or not. */
interface Flag {
  readonly meaning: string;
}

interface Valued extends Flag {
  readonly kind: Kind<unknown>;
  /** What stands for the value in the explanation, such as N. */
  readonly takes: string;
  /** What counts when it is left out, as it would be written. */
  readonly usual?: string;
  /** The same in words where it depends on something else; the value is then undefined. */
  readonly otherwise?: string;
  readonly needed?: true;
  /** May be given more than once. */
  readonly many?: true;
  /** Written without a name: any number of words. One option of a command at most. */
  readonly bare?: true;
}

type Declared = Readonly<Record<string, Flag | Valued>>;

type ValueOf<O> = O extends { readonly kind: Kind<infer T> }
  ? O extends { readonly many: true } | { readonly bare: true }
    ? readonly T[]
    : O extends { readonly usual: string } | { readonly needed: true }
      ? T
      : T | undefined
  : boolean;

/** What a command line says, by the options' names. */
type Values<O> = { readonly [Name in keyof O]: ValueOf<O[Name]> };

/** A command line that cannot be followed. The message says what is wrong and what is allowed; `problem` only what is wrong. */
export class WrongOption extends Error {
  readonly problem: string;

  constructor(problem: string, usage: string) {
    super(`${problem}\n\n${usage}`);
    this.problem = problem;
  }
}

export interface Command<O> {
  /** The explanation that --help prints. */
  readonly usage: string;
  /** Throws WrongOption. */
  read(args: readonly string[]): Values<O>;
  /** For what is wrong with several options together. */
  wrong(problem: string): WrongOption;
}

/** What a command's line says, for functions that take it. */
export type ValuesOf<C> = C extends Command<infer O> ? Values<O> : never;

/** A command with its options: reading and explanation come from this one declaration. `notes` end the explanation. */
export function createCommand<const O extends Declared>(about: {
  readonly run: string;
  readonly options: O;
  readonly notes?: string;
}): Command<O> {
  const usage = usageOf(about);
  const wrong = (problem: string): WrongOption => new WrongOption(problem, usage);
  return {
    usage,
    wrong,
    read(args) {
      const given = parse(args, about.options, wrong);
      const read = Object.entries(about.options).map(
        ([name, option]) => [name, valueOf(name, option, { given, wrong })] as const,
      );
      return Object.fromEntries(read) as Values<O>;
    },
  };
}

/**
 * Runs a command and resolves to its exit code: 0 after --help, 1 for options that are wrong, which are told without a stack trace.
 * `wrongCode`: another one where 1 says something else.
 */
export async function runCommand<O>(
  command: Command<O>,
  run: (options: Values<O>) => Promise<number>,
  wrongCode = 1,
): Promise<number> {
  const args = process.argv.slice(2);
  if (args.includes('--help')) {
    process.stdout.write(`${command.usage}\n`);
    return 0;
  }
  try {
    return await run(command.read(args));
  } catch (error) {
    if (!(error instanceof WrongOption)) throw error;
    process.stderr.write(`${error.message}\n`);
    return wrongCode;
  }
}

interface Given {
  readonly named: Readonly<Record<string, readonly string[] | undefined>>;
  readonly flags: ReadonlySet<string>;
  readonly bare: readonly string[];
}

type Wrong = (problem: string) => WrongOption;

const isBare = (option: Flag | Valued): boolean => 'bare' in option;

function parse(args: readonly string[], declared: Declared, wrong: Wrong): Given {
  const options = Object.entries(declared).filter(([, option]) => !isBare(option));
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: options.length < Object.keys(declared).length,
      options: Object.fromEntries(
        options.map(([name, option]) => [
          name,
          'kind' in option
            ? { type: 'string' as const, multiple: true }
            : { type: 'boolean' as const },
        ]),
      ),
    });
    const named = Object.entries(values).flatMap(([name, value]) =>
      Array.isArray(value) ? [[name, value.map(String)] as const] : [],
    );
    const flags = Object.keys(values).filter((name) => values[name] === true);
    return { named: Object.fromEntries(named), flags: new Set(flags), bare: positionals };
  } catch (error) {
    const names = [...options.map(([name]) => `--${name}`), '--help'].join(' ');
    throw wrong(`${firstSentence(error)}; allowed: ${names}`);
  }
}

/** What follows in the parser's message is about writing values that begin with a dash. */
const firstSentence = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split(/\.\s/)[0] ?? '';

function valueOf(
  name: string,
  option: Flag | Valued,
  { given, wrong }: { readonly given: Given; readonly wrong: Wrong },
): unknown {
  if (!('kind' in option)) return given.flags.has(name);
  const { kind, usual, takes } = option;
  const read = (text: string): unknown => {
    const value = kind.read(text);
    if (value !== undefined) return value;
    throw wrong(
      option.bare === true
        ? `There is no "${text}"; there are ${kind.allowed}.`
        : `--${name} is "${text}"; it must be ${kind.allowed}.`,
    );
  };
  if (option.bare === true) return given.bare.map(read);
  const texts = given.named[name] ?? (usual === undefined ? [] : [usual]);
  if (option.many === true) return texts.map(read);
  const last = texts.at(-1);
  if (last !== undefined) return read(last);
  if (option.needed === true)
    throw wrong(`--${name} ${takes} is missing: ${option.meaning.split('\n')[0]}.`);
  return undefined;
}

function usageOf(about: {
  readonly run: string;
  readonly options: Declared;
  readonly notes?: string;
}): string {
  const lines = [
    ...Object.entries(about.options).map(
      ([name, option]) => [writing(name, option), meaning(option)] as const,
    ),
    ['--help', 'explains this and does nothing else'] as const,
  ];
  const width = Math.max(...lines.map(([left]) => left.length)) + 3;
  const rows = lines.map(
    ([left, right]) =>
      `  ${left.padEnd(width)}${right.replaceAll('\n', `\n${' '.repeat(width + 2)}`)}`,
  );
  const bare = Object.values(about.options).find(isBare);
  const words = bare !== undefined && 'takes' in bare ? ` [${bare.takes} ...]` : '';
  const notes = about.notes === undefined ? [] : ['', about.notes];
  return [`${about.run} -- [options]${words}`, '', ...rows, ...notes].join('\n');
}

function writing(name: string, option: Flag | Valued): string {
  if (!('kind' in option)) return `--${name}`;
  return option.bare === true ? option.takes : `--${name} ${option.takes}`;
}

function meaning(option: Flag | Valued): string {
  if (!('kind' in option)) return option.meaning;
  const usual = option.usual ?? option.otherwise;
  const allowed = option.kind === TEXT ? '' : `: ${option.kind.allowed}`;
  const end = option.needed === true ? ' (needed)' : usual === undefined ? '' : ` (${usual})`;
  return `${option.meaning}${allowed}${end}`;
}
