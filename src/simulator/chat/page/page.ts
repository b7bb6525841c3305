import type { User } from '../message.ts';

/** The phone as one document. */
export function page(bot: User): string {
  return `<!doctype html><title>${bot.first_name}</title>`;
}
