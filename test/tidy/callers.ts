/** Who calls what an adapter offers: found by the TypeScript compiler, never by hand. */
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface Offer {
  /** The file and the name of the type that lists what is offered. */
  readonly file: string;
  readonly type: string;
  /** Folder of the adapter: calls from inside it are its own business. */
  readonly home: string;
}

/** Files of src/ outside `home` that use each member, by its name such as "market.candles". */
export type Callers = ReadonlyMap<string, ReadonlySet<string>>;

/** Finds in src/ who calls what each of the offers lists, in their order. */
export function callersOf(offers: readonly Offer[]): readonly Callers[] {
  const program = ownProgram();
  const checker = program.getTypeChecker();
  const files = program
    .getSourceFiles()
    .filter(({ fileName }) => fileName.startsWith(`${ROOT}src/`));
  const lists = offers.map((offer) => membersOf(offer, program));
  // Nothing else needs the compiler's slow look.
  const names = new Set(lists.flatMap((members) => [...members.values()].map(({ name }) => name)));
  const uses = usesOf(files, checker, names);
  return offers.map(({ home }, index) => {
    const outside = (member: ts.Symbol): Set<string> =>
      new Set(
        declarationsOf(member, checker)
          .flatMap((each) => [...(uses.get(each) ?? [])])
          .filter((path) => !path.startsWith(home)),
      );
    const members = lists[index] ?? new Map<string, ts.Symbol>();
    return new Map([...members].map(([name, member]) => [name, outside(member)]));
  });
}

/** src/ by itself: the types of packages say nothing about who calls an adapter of ours, and to read them takes most of the time. */
function ownProgram(): ts.Program {
  const config = ts.readConfigFile(`${ROOT}tsconfig.json`, (path) => ts.sys.readFile(path));
  const asked = { ...config.config, include: ['src'] };
  const { fileNames, options } = ts.parseJsonConfigFileContent(asked, ts.sys, ROOT);
  const own = { ...options, noEmit: true, types: [] };
  const host = ts.createCompilerHost(own);
  host.resolveModuleNameLiterals = (names, from) =>
    names.map(({ text }) => ({
      resolvedModule: text.startsWith('.')
        ? { resolvedFileName: resolve(dirname(from), text), extension: '.ts' }
        : undefined,
    }));
  return ts.createProgram(fileNames, own, host);
}

type Uses = ReadonlyMap<ts.Declaration, ReadonlySet<string>>;

/** Every property of such a name that is read or taken apart, by where it was declared. */
function usesOf(
  files: readonly ts.SourceFile[],
  checker: ts.TypeChecker,
  names: ReadonlySet<string>,
): Uses {
  const uses = new Map<ts.Declaration, Set<string>>();
  for (const file of files) {
    const path = file.fileName.slice(ROOT.length);
    const note = (symbol: ts.Symbol | undefined): void => {
      for (const each of symbol?.declarations ?? []) {
        uses.set(each, (uses.get(each) ?? new Set()).add(path));
      }
    };
    const visit = (node: ts.Node): void => {
      if (ts.isPropertyAccessExpression(node) && names.has(node.name.text)) {
        note(checker.getSymbolAtLocation(node.name));
      }
      if (ts.isBindingElement(node) && ts.isObjectBindingPattern(node.parent)) {
        const name = node.propertyName ?? node.name;
        if (ts.isIdentifier(name) && names.has(name.text))
          note(checker.getTypeAtLocation(node.parent).getProperty(name.text));
      }
      ts.forEachChild(node, visit);
    };
    visit(file);
  }
  return uses;
}

/** What is offered, by its name such as "market.candles". */
function membersOf(offer: Offer, program: ts.Program): ReadonlyMap<string, ts.Symbol> {
  const checker = program.getTypeChecker();
  const declaration = program
    .getSourceFile(`${ROOT}${offer.file}`)
    ?.statements.find(
      (each) =>
        (ts.isInterfaceDeclaration(each) || ts.isTypeAliasDeclaration(each)) &&
        each.name.text === offer.type,
    );
  if (declaration === undefined) throw new Error(`${offer.file} has no type ${offer.type}`);
  const members = new Map<string, ts.Symbol>();
  const list = (type: ts.Type, prefix: string): void => {
    for (const member of type.getProperties()) {
      members.set(`${prefix}${member.name}`, member);
      if (prefix !== '') continue;
      const of = checker.getNonNullableType(checker.getTypeOfSymbol(member));
      const calls = of.getCallSignatures();
      // A door (`market`), or what opens one (`openPriceStream`), has members of its own.
      const door = calls.length === 0 ? of : calls[0]?.getReturnType();
      if (door !== undefined && isOurs(door)) list(door, `${member.name}.`);
    }
  };
  list(checker.getTypeAtLocation(declaration), '');
  return members;
}

/** A type of src/ whose members are calls: not a value such as a reading. */
const isOurs = (type: ts.Type): boolean => {
  const members = type.getProperties();
  const calls = members.filter((each) =>
    (each.declarations ?? []).some(
      (one) => ts.isMethodSignature(one) && one.getSourceFile().fileName.startsWith(`${ROOT}src/`),
    ),
  );
  return members.length > 0 && calls.length * 2 > members.length;
};

/** The member where it is declared, and where a type that it extends or meets declares it. */
function declarationsOf(symbol: ts.Symbol, checker: ts.TypeChecker): readonly ts.Declaration[] {
  const own = symbol.declarations ?? [];
  const inherited = own.flatMap(({ parent }) =>
    ts.isInterfaceDeclaration(parent)
      ? (parent.heritageClauses ?? [])
          .flatMap(({ types }) => types)
          .flatMap((each) => {
            const base = checker.getTypeAtLocation(each).getProperty(symbol.name);
            return base === undefined ? [] : declarationsOf(base, checker);
          })
      : [],
  );
  return [...own, ...inherited];
}
