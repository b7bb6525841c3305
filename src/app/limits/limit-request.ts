import { percent, ratio } from '../../domain/money/money.ts';
import { askWhich, readNumber } from '../../domain/words/read-number.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../domain/time.ts';
import { LIMIT_IDS, limitOf, type LimitId } from '../../risk/terms/limits.ts';

/** A limit and the value that somebody wants for it. */
export interface LimitRequest {
  readonly id: LimitId;
  readonly to: number | bigint;
}

const FORM =
  'Write the name and the new value, such as: /limits open positions 2, /limits daily loss 2 %, /limits pause per symbol 6 h.';

/** Decimals of a limit: more could not be shown. */
const MOST_DECIMALS = 4;

const UNIT_MS: Readonly<Record<string, number>> = { s: SECOND, min: MINUTE, h: HOUR, d: DAY };

const NAMES = LIMIT_IDS.map((id) => ({ id, label: limitOf(id).label }));

const plainName = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, ' ')
    .trim();

/** The limit called that, by its label or id; undefined when there is none. */
export function limitNamed(text: string): LimitId | undefined {
  const name = plainName(text);
  return NAMES.find((row) => plainName(row.label) === name || row.id.toLowerCase() === name)?.id;
}

/** "open positions 2" as a request, or what is wrong with it and what is allowed. */
export function parseLimitRequest(words: string): LimitRequest | string {
  const [, name = '', amount = '', unit = ''] =
    /^(.*?)[\s:=]+([-+−]?[\d.,'’_\u00A0\u2009\u202F]+k?)\s*(%|x|s|min|h|d)?$/i.exec(words.trim()) ??
    [];
  if (name === '') return `I cannot read a name and a value in that. ${FORM}`;
  const id = limitNamed(name);
  if (id === undefined) {
    const known = NAMES.map((row) => row.label).join(', ');
    return `There is no limit called "${name.slice(0, 40)}". There are: ${known}. ${FORM}`;
  }
  const read = readNumber(amount);
  if (read.kind === 'unreadable') return `"${amount.slice(0, 30)}" is not a number. ${FORM}`;
  if (read.kind === 'unclear') return askWhich(amount, read);
  const to = valueOf(id, read.text, unit.toLowerCase());
  return typeof to === 'string' ? to : { id, to };
}

function valueOf(id: LimitId, amount: string, unit: string): number | bigint | string {
  const wrong = (wanted: string): string => `This limit is given ${wanted}. ${FORM}`;
  const [, fraction = ''] = amount.split('.');
  if (fraction.length > MOST_DECIMALS) return wrong(`with at most ${MOST_DECIMALS} decimals`);
  const { unit: kind } = limitOf(id);
  if (kind === 'percent') {
    if (unit !== '%' && unit !== '') return wrong('in percent');
    return amount === '0' ? ratio('0') : percent(amount);
  }
  const value = Number(amount);
  if (kind === 'time') {
    const factor = UNIT_MS[unit];
    return factor === undefined ? wrong('with s, min, h or d') : Math.round(value * factor);
  }
  const allowed = kind === 'times' ? ['', 'x'] : [''];
  return allowed.includes(unit) ? value : wrong('as a plain number');
}
