import { CATEGORIES, COINS, RENAMED, type Category } from './category-table.ts';

/** "1000PEPE", "1000000MOG", "1MBABYDOGE", "SHIB1000": a price per thousand or million of the coin behind it. */
const SCALED = /^(?:1(?:000)+|1M(?=BABYDOGE$))(?=[A-Z])|(?<=[A-Z])1000$/;

const CATEGORY_OF: ReadonlyMap<string, Category> = new Map(
  CATEGORIES.filter((category) => category !== 'other').flatMap((category) =>
    COINS[category].map((coin) => [coin, category] as const),
  ),
);

/**
 * The coin behind a base or symbol, without quote and scale and by its current name: "1000PEPE" and "1000PEPEUSDT" are PEPE,
 * "MATIC" is POL.
 */
export function coinOf(base: string): string {
  const name = base.toUpperCase().replace(/(?<=.)USDT$/, '');
  const unscaled = name.replace(SCALED, '');
  return RENAMED[unscaled] ?? unscaled;
}

/** What kind of coin the base or symbol stands for; "other" when nobody has sorted it. */
export const categoryOf = (base: string): Category => CATEGORY_OF.get(coinOf(base)) ?? 'other';
