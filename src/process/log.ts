import { destination, pino } from 'pino';
import type { Log } from '../app/ports/log.ts';
import type { Config } from '../config.ts';
import { openLogFile } from './log-file.ts';

/** Names of fields that never reach a log, whatever is passed in. */
const SECRET_FIELDS = [
  'token',
  'apiKey',
  'secretKey',
  'sign',
  'redisUrl',
  'password',
  'authorization',
];
/** A bot token inside a text, such as an address in an error message. */
const TOKEN = /\d{6,}:[\w-]{16,}/g;

/** JSON lines to a file, or to standard output without one. Secrets are cut out of fields and texts. */
export function createLog(options: {
  level: Config['logLevel'];
  file?: string;
  /** Another process moves the file aside when it is full. */
  follows?: true;
}): Log {
  const { file, follows = false } = options;
  const logger = pino(
    {
      level: options.level,
      base: null,
      redact: { paths: SECRET_FIELDS.flatMap((each) => [each, `*.${each}`]), censor: '[secret]' },
      hooks: {
        logMethod(args, method) {
          const [fields, message] = args as unknown as [object, string];
          method.apply(this, [clean(fields) as object, hide(message)] as never);
        },
      },
    },
    file === undefined
      ? destination({ dest: 1, sync: true })
      : openLogFile({ file, rotates: !follows }),
  );
  return {
    info: (message, fields = {}) => logger.info(fields, message),
    warn: (message, fields = {}) => logger.warn(fields, message),
    error: (message, fields = {}) => logger.error(fields, message),
  };
}

const hide = (text: string): string => text.replaceAll(TOKEN, '[secret]');

function clean(fields: object): object {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]: [string, unknown]) => [
      key,
      typeof value === 'string' ? hide(value) : value,
    ]),
  );
}
