import { z } from 'zod';
import { VENUE_MODES } from './app/ports/venue-mode.ts';
import { readSecondChannel, type SecondChannel } from './domain/process/second-channel.ts';
import { roleProblems, ROLES, SENTINEL, type Role } from './domain/process/roles.ts';

interface Setting {
  readonly name: string;
  readonly meaning: string;
  /** As it is written in `.env.example`; undefined: empty by default. */
  readonly fallback?: string;
  readonly secret?: boolean;
  readonly schema: z.ZodType;
}

const text = z.string().trim().min(1);
const url = (protocols: readonly string[]) =>
  text.refine((value) => protocols.includes(protocolOf(value)), {
    message: `must be an address that begins with ${protocols.map((each) => `"${each}//"`).join(' or ')}`,
    // What is no address is not looked at further.
    abort: true,
  });

function protocolOf(value: string): string {
  try {
    return new URL(value).protocol;
  } catch {
    return '';
  }
}

/** Every environment variable that Vigil reads. The README's table and `.env.example` are made from this list. */
export const SETTINGS = [
  {
    name: 'VIGIL_MODE',
    meaning: '`demo`, `paper`, `watch` or `live`',
    fallback: 'demo',
    schema: z.enum(VENUE_MODES, { error: `must be one of ${VENUE_MODES.join(', ')}` }),
  },
  {
    name: 'TELEGRAM_BOT_TOKEN',
    meaning:
      'token from @BotFather; without one the built-in chat emulator is used (demo and paper only)',
    secret: true,
    schema: text
      .regex(/^\d+:[\w-]{16,}$/, 'must look like 123456789:AAE…, as @BotFather prints it')
      .optional(),
  },
  {
    name: 'TELEGRAM_API_ROOT',
    meaning: 'another server that speaks the Telegram Bot API',
    schema: url(['http:', 'https:']).optional(),
  },
  {
    name: 'BITUNIX_API_KEY',
    meaning: 'API key: reading rights for `watch`, trading rights for `live`; never withdrawal',
    secret: true,
    schema: text.optional(),
  },
  {
    name: 'BITUNIX_SECRET_KEY',
    meaning: 'the secret that belongs to the key',
    secret: true,
    schema: text.optional(),
  },
  {
    name: 'BITUNIX_SUB_ACCOUNT',
    meaning:
      "id of the sub-account that the key belongs to, when it is one's; rows of any other are refused",
    schema: text.regex(/^\d{1,20}$/, 'must be the number of a sub-account').optional(),
  },
  {
    name: 'BITUNIX_URL',
    meaning: 'address of the exchange or of a venue simulator',
    fallback: 'https://fapi.bitunix.com',
    schema: url(['http:', 'https:']),
  },
  {
    name: 'REDIS_URL',
    meaning: 'a Redis with append-only file and `noeviction`; without one Vigil runs its own',
    secret: true,
    schema: text
      .refine((value) => value.startsWith('/') || /^rediss?:$/.test(protocolOf(value)), {
        message:
          'must be an address that begins with "redis://" or "rediss://", or the path of a socket',
      })
      .optional(),
  },
  {
    name: 'REDIS_PASSWORD',
    meaning: 'password of the Redis in docker-compose.yml, which makes its `REDIS_URL` of it',
    secret: true,
    schema: text.optional(),
  },
  {
    name: 'QUICKCHART_URL',
    meaning:
      'a QuickChart server of your own for the pictures; without one they are drawn here. Never the public one',
    schema: url(['http:', 'https:'])
      .refine((value) => !/(^|\.)quickchart\.io\.?$/.test(new URL(value).hostname), {
        message: 'must be a server of your own: the public one would see your account',
      })
      .optional(),
  },
  {
    name: 'VIGIL_ROLES',
    meaning: `what this process runs, separated by commas: ${ROLES.join(', ')}; or ${SENTINEL} alone, which watches over Vigil from outside`,
    fallback: ROLES.join(','),
    schema: text
      .transform((value) => value.split(',').map((each) => each.trim()))
      .pipe(
        z
          .array(
            z.enum([...ROLES, SENTINEL], {
              error: `must be a list of ${ROLES.join(', ')}; or ${SENTINEL} alone`,
            }),
          )
          .min(1),
      ),
  },
  {
    name: 'VIGIL_ACCOUNT',
    meaning: 'name of the account in Redis, when several share one',
    fallback: 'main',
    schema: text.regex(/^[a-z0-9-]{1,32}$/, 'must be 1 to 32 letters a-z, digits or "-"'),
  },
  {
    name: 'VIGIL_DATA_DIR',
    meaning: 'folder for the private Redis, the memory marker and the backups',
    fallback: '.data',
    schema: text,
  },
  {
    name: 'VIGIL_HEARTBEAT_URL',
    meaning:
      'address that is called every 30 s while Vigil keeps watch, as healthchecks.io and the like have it; it alarms you when nothing comes. A sentinel listens at it',
    secret: true,
    schema: url(['http:', 'https:']).optional(),
  },
  {
    name: 'VIGIL_SECOND_CHANNEL',
    meaning:
      'a second way to you for what endangers money, when Telegram has not taken it for 60 s or you have not seen it for 10 min: `ntfy+https://HOST/TOPIC` (or any service that takes such a POST) `webhook+https://HOST/PATH` (JSON) or `smtps://USER:PASSWORD@HOST/TO@EXAMPLE.ORG` (`smtp` for STARTTLS). It gets the number and what it is about, no figure',
    secret: true,
    schema: text
      .transform((value, context) => {
        const read = readSecondChannel(value);
        if (typeof read !== 'string') return read;
        context.addIssue({ code: 'custom', message: read });
        return z.NEVER;
      })
      .optional(),
  },
  {
    name: 'VIGIL_SECOND_CHANNEL_FIGURES',
    meaning:
      'host of that address, if it may see the figures of your account too: a server of your own. Anybody can read a topic of a public one',
    schema: text.optional(),
  },
  {
    name: 'VIGIL_OWNER',
    meaning: 'your numeric Telegram id, for a sentinel; Vigil prints it when it starts',
    schema: text
      .regex(/^\d{1,16}$/, 'must be a number')
      .transform(Number)
      .optional(),
  },
  {
    name: 'VIGIL_SIM_CONTROL_URL',
    meaning: 'control address of a venue simulator whose clock Vigil follows',
    schema: url(['http:']).optional(),
  },
  {
    name: 'VIGIL_LOG_LEVEL',
    meaning: '`debug`, `info`, `warn`, `error` or `silent`',
    fallback: 'info',
    schema: z.enum(['debug', 'info', 'warn', 'error', 'silent'], {
      error: 'must be one of debug, info, warn, error, silent',
    }),
  },
] as const satisfies readonly Setting[];

type Name = (typeof SETTINGS)[number]['name'];
type Values = { [Each in (typeof SETTINGS)[number] as Each['name']]: z.output<Each['schema']> };

export interface Config {
  readonly mode: Values['VIGIL_MODE'];
  readonly telegramToken?: string;
  readonly telegramApiRoot?: string;
  readonly apiKey?: string;
  readonly secretKey?: string;
  readonly subAccountId?: string;
  readonly exchangeUrl: string;
  readonly redisUrl?: string;
  readonly quickChartUrl?: string;
  readonly roles: readonly Role[];
  readonly account: string;
  readonly dataDir: string;
  readonly simControlUrl?: string;
  readonly heartbeatUrl?: string;
  readonly secondChannel?: SecondChannel;
  readonly secondChannelFigures?: string;
  /** Whom a sentinel tells. */
  readonly owner?: number;
  readonly logLevel: Values['VIGIL_LOG_LEVEL'];
}

/** What is wrong with the settings: one sentence a problem, all of them at once. Holds names and rules, never a value of a secret. */
export class ConfigError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`The settings are not usable:\n${problems.map((each) => `  - ${each}`).join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** The settings from an environment such as `process.env`; an empty variable counts as absent. Throws ConfigError. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const problems: string[] = [];
  const values = new Map<Name, unknown>();
  for (const setting of SETTINGS) {
    const given = environment[setting.name]?.trim();
    const raw = given === undefined || given === '' ? fallbackOf(setting) : given;
    const parsed = setting.schema.safeParse(raw);
    if (parsed.success) values.set(setting.name, parsed.data);
    else problems.push(problemOf(setting, given, parsed.error));
  }
  problems.push(...missingFor(values, environment), ...rolesOf(values));
  if (problems.length > 0) throw new ConfigError(problems);
  return assemble((name) => values.get(name));
}

const fallbackOf = (setting: Setting): string | undefined => setting.fallback;

function problemOf(setting: Setting, given: string | undefined, error: z.ZodError): string {
  const rule = error.issues[0]?.message ?? 'is not valid';
  const shown = setting.secret === true || given === undefined ? '' : ` (it is "${given}")`;
  return `${setting.name} ${rule}${shown}`;
}

function assemble(get: (name: Name) => unknown): Config {
  const optional: Record<string, Name> = {
    telegramToken: 'TELEGRAM_BOT_TOKEN',
    telegramApiRoot: 'TELEGRAM_API_ROOT',
    apiKey: 'BITUNIX_API_KEY',
    secretKey: 'BITUNIX_SECRET_KEY',
    subAccountId: 'BITUNIX_SUB_ACCOUNT',
    redisUrl: 'REDIS_URL',
    quickChartUrl: 'QUICKCHART_URL',
    heartbeatUrl: 'VIGIL_HEARTBEAT_URL',
    secondChannel: 'VIGIL_SECOND_CHANNEL',
    secondChannelFigures: 'VIGIL_SECOND_CHANNEL_FIGURES',
    owner: 'VIGIL_OWNER',
    simControlUrl: 'VIGIL_SIM_CONTROL_URL',
  };
  const present = Object.entries(optional).filter(([, name]) => get(name) !== undefined);
  return {
    mode: get('VIGIL_MODE') as Config['mode'],
    exchangeUrl: (get('BITUNIX_URL') as string).replace(/\/$/, ''),
    roles: get('VIGIL_ROLES') as Config['roles'],
    account: get('VIGIL_ACCOUNT') as string,
    dataDir: get('VIGIL_DATA_DIR') as string,
    logLevel: get('VIGIL_LOG_LEVEL') as Config['logLevel'],
    ...Object.fromEntries(present.map(([key, name]) => [key, get(name)])),
  };
}

/** What the roles need; what was set but is wrong is told already. */
function rolesOf(values: ReadonlyMap<Name, unknown>): readonly string[] {
  const roles = values.get('VIGIL_ROLES') as readonly Role[] | undefined;
  const mode = values.get('VIGIL_MODE') as string | undefined;
  if (roles === undefined || mode === undefined) return [];
  return roleProblems({
    roles,
    mode,
    redis: values.get('REDIS_URL') !== undefined,
    heartbeat: values.get('VIGIL_HEARTBEAT_URL') as string | undefined,
    owner: values.get('VIGIL_OWNER') !== undefined,
  });
}

/** What the mode needs and nobody has set. What was set but is wrong is told already. */
function missingFor(
  values: ReadonlyMap<Name, unknown>,
  environment: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const mode = values.get('VIGIL_MODE');
  if (mode !== 'watch' && mode !== 'live') return [];
  const isSet = (name: Name): boolean => (environment[name]?.trim() ?? '') !== '';
  const problems: string[] = [];
  if (!isSet('BITUNIX_API_KEY') || !isSet('BITUNIX_SECRET_KEY')) {
    problems.push(`VIGIL_MODE "${mode}" needs BITUNIX_API_KEY and BITUNIX_SECRET_KEY`);
  }
  if (!isSet('TELEGRAM_BOT_TOKEN')) {
    problems.push(`VIGIL_MODE "${mode}" needs TELEGRAM_BOT_TOKEN: real alerts go to a real phone`);
  }
  return problems;
}
