/** What no answer, reason or alert may hold, and how it is called when it does. */
export const FORBIDDEN: readonly (readonly [string, RegExp])[] = [
  [
    'an error code',
    /\b[A-Z]+_[A-Z_]+\b|\bE(CONN|TIMEDOUT|NOTFOUND|PIPE|HOST|NET|ACCES|NOSPC)[A-Z]*\b/,
  ],
  [
    'a library',
    /\b(Zod|Grammy|Reply|Type|Syntax|Range|MaxRetries\w*)Error\b|ioredis|undici|BullMQ/,
  ],
  ['endless digits', /\.0*[1-9]\d{8,}/],
  ['a negative zero', /(?<![\d-])-0(\.0+)?(?![\d.])(?! h)/],
  [
    'one of many',
    /(?<![\d.,])1 (trades|positions|signals|symbols|messages|orders|hours|days|candles|losses|stops|reads|fills)\b/,
  ],
  ['thousands without commas', /(?<![\d,.])\d{4,}\.\d/],
  ['a number as it is stored', /(?<![\d.])\d{12}/],
  ['a percent sign without a space', /\d%/],
  ['no value', /\b(NaN|undefined|null|Infinity)\b|\[object/],
  ['an exponent', /\d[eE][+-]?\d/],
  ['a stack', /\bat \S+:\d+:\d+|\.ts\b|node_modules/],
  [
    'an internal name',
    /\b(loss-streak|account-unread|failed-reads|prices-old|margin-ratio|memory-lost|store-emptied|money-taken|stop-too-\w+)\b/,
  ],
];

/** What of it stands in that text, each with its surroundings. */
export const faultsOf = (text: string): readonly string[] =>
  FORBIDDEN.flatMap(([name, pattern]) => {
    const found = pattern.exec(text);
    return found === null
      ? []
      : [`${name}: "${text.slice(Math.max(0, found.index - 40), found.index + 40)}"`];
  });
