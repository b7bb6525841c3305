/** Who calls what an adapter offers: found by the TypeScript compiler, never by hand. */
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

export interface CallGraph {
  callersOf(offer: Offer): Callers;
}

/** Reads src/ once; `callersOf` then answers for each adapter. */
export function readCalls(): CallGraph {
  const config = ts.readConfigFile(`${ROOT}tsconfig.json`, (path) => ts.sys.readFile(path));
  const parsed = ts.parseJsonConfigFileContent(
    { ...config.config, include: ['src'] },
    ts.sys,
    ROOT,
  );
  const program = ts.createProgram(parsed.fileNames, { ...parsed.options, noEmit: true });
  const checker = program.getTypeChecker();
  const files = program
    .getSourceFiles()
    .filter(({ fileName }) => fileName.startsWith(`${ROOT}src/`));
  const uses = usesOf(files, checker, methodNames(files));
  return { callersOf: (offer) => callersOf(offer, { program, checker, uses }) };
}

type Uses = ReadonlyMap<ts.Declaration, ReadonlySet<string>>;

/** What adapters and ports call their methods and doors: nothing else needs the compiler's slow look. */
function methodNames(files: readonly ts.SourceFile[]): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    const member = ts.isMethodSignature(node) || ts.isPropertySignature(node);
    if (member && ts.isIdentifier(node.name)) names.add(node.name.text);
    ts.forEachChild(node, visit);
  };
  for (const file of files) {
    if (/\/src\/(app\/ports|exchange|store)\//.test(file.fileName)) visit(file);
  }
  return names;
}

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

interface Known {
  readonly program: ts.Program;
  readonly checker: ts.TypeChecker;
  readonly uses: Uses;
}

function callersOf(offer: Offer, { program, checker, uses }: Known): Callers {
  const file = program.getSourceFile(`${ROOT}${offer.file}`);
  const declaration = file?.statements.find(
    (each) =>
      (ts.isInterfaceDeclaration(each) || ts.isTypeAliasDeclaration(each)) &&
      each.name.text === offer.type,
  );
  if (declaration === undefined) throw new Error(`${offer.file} has no type ${offer.type}`);
  const callers = new Map<string, ReadonlySet<string>>();
  const outside = (symbol: ts.Symbol): Set<string> =>
    new Set(
      declarationsOf(symbol, checker)
        .flatMap((each) => [...(uses.get(each) ?? [])])
        .filter((path) => !path.startsWith(offer.home)),
    );
  const list = (type: ts.Type, prefix: string): void => {
    for (const member of type.getProperties()) {
      const name = `${prefix}${member.name}`;
      const of = checker.getNonNullableType(checker.getTypeOfSymbol(member));
      const calls = of.getCallSignatures();
      const given = calls[0]?.getReturnType();
      callers.set(name, outside(member));
      if (prefix !== '') continue;
      // A door (`market`), or what opens one (`openPriceStream`), has members of its own.
      const door = calls.length === 0 ? of : given;
      if (door !== undefined && isOurs(door)) list(door, `${name}.`);
    }
  };
  list(checker.getTypeAtLocation(declaration), '');
  return callers;
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
