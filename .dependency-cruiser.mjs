/**
 * Who may import whom in src/: `layers` is the table of the design, everything that it does not allow is an error.
 * scripts/ and test/ may import anything and nothing in src/ may import them.
 */

/** Folders that decide and do nothing else: no clock, no input or output, no Node. */
const pure = ['domain', 'indicators', 'signals', 'risk', 'alerts', 'backtest'];

/** What each folder may import besides itself. */
const layers = {
  domain: [],
  indicators: ['domain'],
  risk: ['domain'],
  alerts: ['domain'],
  signals: ['domain', 'indicators'],
  backtest: ['domain', 'indicators', 'signals', 'risk'],
  app: pure,
  exchange: ['domain'],
  store: ['domain'],
  charts: ['domain'],
  jobs: ['app', 'domain'],
  bot: ['app', 'domain'],
  simulator: ['domain', 'backtest'],
};

/** They implement the ports and so may name them as types. */
const portAdapters = ['exchange', 'store', 'charts'];

/** They put the program together, beside main.ts. Nothing else imports them. */
const composition = ['process', 'demo', 'paper'];

/** Where a library lives; main.ts and these may also use it to put the program together. */
const homes = {
  'trading-signals': ['indicators'],
  '(grammy|@grammyjs)': ['bot'],
  bullmq: ['jobs'],
  'node-cron': ['jobs'],
  '(chart\\.js|@napi-rs/canvas|quickchart-js)': ['charts'],
  '(undici|ws)': ['exchange', 'simulator', 'charts', 'bot'],
};

const anyOf = (names) => `(${names.join('|')})`;

const layerRules = Object.entries(layers).map(([name, allowed]) => {
  const open = [name, ...allowed].map((folder) => `^src/${folder}/`);
  if (portAdapters.includes(name)) open.push('^src/app/ports/');
  return {
    name: `layer-${name}`,
    comment:
      `${name}/ may import ${allowed.length === 0 ? 'nothing of src/' : `only ${allowed.join(', ')}`}` +
      `${portAdapters.includes(name) ? ' and the types of app/ports/' : ''}. ` +
      'Take what you need as an argument or a port, and let main.ts connect it; or move the shared type down to domain/.',
    severity: 'error',
    from: { path: `^src/${name}/` },
    to: { path: '^src/', pathNot: open },
  };
});

const homeRules = Object.entries(homes).map(([library, folders]) => ({
  name: `home-of-${library.replace(/[^a-z-]+/g, '-').replace(/^-|-$/g, '')}`,
  comment: `This library is used in ${folders.join(', ')} alone, so that it can be exchanged there: go through a port.`,
  severity: 'error',
  from: {
    path: '^src/',
    pathNot: [`^src/${anyOf(folders)}/`, `^src/${anyOf(composition)}/`, '^src/[^/]+\\.ts$'],
  },
  to: { path: `(^|node_modules/)${library}(/|$)` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
const configuration = {
  forbidden: [
    ...layerRules,
    ...homeRules,
    {
      name: 'ports-as-types',
      comment: 'Adapters implement the ports, they run nothing of app/: write `import type`.',
      severity: 'error',
      from: { path: `^src/${anyOf(portAdapters)}/` },
      to: { path: '^src/app/ports/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'pure-without-node',
      comment:
        'A pure folder takes data and time as arguments; reading files or clocks belongs into an adapter.',
      severity: 'error',
      from: { path: `^src/${anyOf(pure)}/` },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'pure-without-packages',
      comment: 'A pure folder needs no package; only indicators/ may use trading-signals.',
      severity: 'error',
      from: { path: `^src/${anyOf(pure)}/` },
      to: {
        path: '^(?!src/)',
        dependencyTypesNot: ['core'],
        pathNot: '(^|node_modules/)trading-signals(/|$)',
      },
    },
    {
      name: 'config-connects-nothing',
      comment:
        'config.ts reads settings and knows only the pure folders and the ports; main.ts hands its values on.',
      severity: 'error',
      from: { path: '^src/config\\.ts$' },
      to: { path: '^src/', pathNot: [`^src/${anyOf(pure)}/`, '^src/app/ports/'] },
    },
    {
      name: 'one-exchange-one-folder',
      comment:
        'What BitUnix words its own way is read in exchange/bitunix/ alone; the rest of exchange/ serves any exchange: take it as an argument.',
      severity: 'error',
      from: { path: '^src/exchange/', pathNot: '^src/exchange/bitunix/' },
      to: { path: '^src/exchange/bitunix/' },
    },
    {
      name: 'nobody-imports-main',
      comment:
        'main.ts is the composition root. Move what you need out of it, or take it as an argument.',
      severity: 'error',
      from: {},
      to: { path: '^src/main\\.ts$' },
    },
    {
      name: 'src-stands-alone',
      comment: 'Code that runs must not need scripts/ or test/: move it into src/.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(scripts|test)/' },
    },
    {
      name: 'no-development-packages',
      comment:
        'The container installs no development packages: list it under dependencies or do without.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-cycles',
      comment:
        'Two files that need each other are one thing or three: merge them, or move the shared part out.',
      severity: 'error',
      from: { path: '^src/' },
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'Nobody imports this file and it imports nobody: use it or delete it.',
      severity: 'error',
      // The scripts of the chat page run in a browser; page.ts reads them as files.
      from: {
        orphan: true,
        path: '^src/',
        pathNot: '(\\.d\\.ts$|^src/simulator/chat/page/.+\\.js$)',
      },
      to: {},
    },
    {
      name: 'resolvable',
      comment: 'The import leads nowhere: correct the path or add the package.',
      severity: 'error',
      from: { path: '^src/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    // Type-only imports count too: a layer that needs another's types knows it.
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
};

export default configuration;
