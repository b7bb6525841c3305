/** What the console asks where nothing is configured: the questions, what each answer means, and the settings that come of them. */
import { SETTINGS } from '../../config.ts';

/** Where the answers come from. */
export interface Console {
  ask(question: string, options?: { readonly hidden: boolean }): Promise<string>;
  say(line: string): void;
}

/** Tries what was typed; each resolves to what was found, in words, and rejects with a short reason. */
export interface Checks {
  bot(token: string): Promise<string>;
  keys(keys: { readonly apiKey: string; readonly secretKey: string }): Promise<string>;
}

type Answers = Readonly<Record<string, string>>;
type Read = { readonly set: Answers } | { readonly problem: string };

interface Step {
  /** Undefined: not asked after these answers. */
  readonly question: (answers: Answers) => string | undefined;
  readonly hints?: readonly string[];
  readonly hidden?: boolean;
  readonly read: (text: string, answers: Answers) => Read;
  /** What is tried once it was read; rejects with the reason why it is asked again. */
  readonly check?: (answers: Answers, checks: Checks) => Promise<string> | undefined;
}

const MODES: Readonly<Record<string, string>> = {
  '': 'demo',
  '1': 'demo',
  '2': 'paper',
  '3': 'watch',
  '4': 'live',
  demo: 'demo',
  paper: 'paper',
  watch: 'watch',
  live: 'live',
};
const isReal = ({ VIGIL_MODE: mode }: Answers): boolean => mode === 'watch' || mode === 'live';

/** The questions in their order. */
const STEPS: readonly Step[] = [
  {
    hints: [
      'Nothing is configured yet. Four ways to run; you can change it later in .env:',
      '  1  demo   a simulated market and account, no keys, no network (Enter)',
      '  2  paper  real prices, no real money, no keys',
      '  3  watch  your account with a key that may only read: Vigil warns and cannot order',
      '  4  live   your account with a trading key: orders only after your confirmation',
    ],
    question: () => 'Which one, 1 to 4? ',
    read: (text) => {
      const mode = MODES[text.toLowerCase()];
      return mode === undefined
        ? { problem: 'Type a number from 1 to 4, or Enter for the demo.' }
        : { set: { VIGIL_MODE: mode } };
    },
  },
  {
    hints: [
      'Telegram: write to @BotFather, send /newbot, and copy the token it prints. In paper mode Enter takes the built-in chat in your browser.',
    ],
    question: ({ VIGIL_MODE: mode }) => (mode === 'demo' ? undefined : 'Bot token: '),
    hidden: true,
    read: (text, answers) => {
      if (text === '' && !isReal(answers)) return { set: {} };
      return setting('TELEGRAM_BOT_TOKEN', text);
    },
    check: ({ TELEGRAM_BOT_TOKEN: token }, checks) =>
      token === undefined ? undefined : checks.bot(token),
  },
  {
    hints: [
      'BitUnix: under API management make a key for Vigil alone. Leave withdrawal off. Bind it to the address of this machine there (IP whitelist): then a stolen key is of no use elsewhere.',
    ],
    question: (answers) => (isReal(answers) ? 'API key: ' : undefined),
    read: (text) => setting('BITUNIX_API_KEY', text),
  },
  {
    question: (answers) => (isReal(answers) ? 'Its secret: ' : undefined),
    hidden: true,
    read: (text) => setting('BITUNIX_SECRET_KEY', text),
    check: async (answers, checks) => {
      const { BITUNIX_API_KEY: apiKey = '', BITUNIX_SECRET_KEY: secretKey = '' } = answers;
      const found = await checks.keys({ apiKey, secretKey });
      return answers['VIGIL_MODE'] === 'live'
        ? `${found} Whether the key may also trade shows at the first order: until then nothing can tell.`
        : found;
    },
  },
  {
    hints: [
      'The exchange tells no program what a key may do, so I cannot look: only you know whether it can take money out.',
    ],
    question: (answers) =>
      isReal(answers) ? 'Type "it cannot withdraw" if you made sure of that: ' : undefined,
    read: (text) =>
      /^"?it can(no|')t withdraw"?\.?$/i.test(text)
        ? { set: {} }
        : {
            problem:
              'Not typed. If it can withdraw, make another key without that right and start again (Ctrl-C).',
          },
  },
];

/** One setting by the rule that it has anyway. */
function setting(name: string, text: string): Read {
  const rule = SETTINGS.find((each) => each.name === name)?.schema;
  const parsed = text === '' || /\s/.test(text) ? undefined : rule?.safeParse(text);
  if (parsed?.success === true) return { set: { [name]: text } };
  const why = parsed?.error?.issues[0]?.message ?? 'must be typed, without spaces';
  return { problem: `${name} ${why}.` };
}

/** Asks all that is needed, each until it can be used. The settings by their names; nothing is written. */
export async function askSettings(console: Console, checks: Checks): Promise<Answers> {
  let answers: Answers = {};
  for (const step of STEPS) {
    const question = step.question(answers);
    if (question === undefined) continue;
    for (const hint of step.hints ?? []) console.say(hint);
    answers = await askOne({ step, question, answers }, console, checks);
  }
  return answers;
}

async function askOne(
  { step, question, answers }: { step: Step; question: string; answers: Answers },
  console: Console,
  checks: Checks,
): Promise<Answers> {
  for (;;) {
    const text = (await console.ask(question, { hidden: step.hidden === true })).trim();
    const read = step.read(text, answers);
    if ('problem' in read) {
      console.say(read.problem);
      continue;
    }
    const next = { ...answers, ...read.set };
    const found = await Promise.resolve(step.check?.(next, checks)).catch(
      (error: unknown) => new Error(error instanceof Error ? error.message : String(error)),
    );
    if (!(found instanceof Error)) {
      if (found !== undefined) console.say(found);
      return next;
    }
    console.say(`That does not work: ${found.message}. Try again, or Ctrl-C to end.`);
  }
}

/** The text of a .env with these settings, each value exactly as it was typed. */
export const envText = (answers: Answers): string =>
  [
    '# Written by the first start. Every setting: .env.example',
    ...Object.entries(answers).map(([name, value]) => `${name}=${quoted(value)}`),
    '',
  ].join('\n');

const quoted = (value: string): string =>
  /^[\w.:/@+-]*$/.test(value) ? value : value.includes("'") ? `"${value}"` : `'${value}'`;
