import { readFileSync } from 'node:fs';
import type { User } from '../message.ts';

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');

/** In this order: each uses what stands in those before it. They share one scope, as classic scripts of a page do. */
const SCRIPTS = ['core', 'emoji', 'text', 'messages', 'composer', 'market', 'events'];
const STYLES = ['frame', 'messages', 'panels'];

const AVATAR = read('./avatar.svg').trim();
/** What is the same for every bot. */
const PARTS: Readonly<Record<string, string>> = {
  avatar: AVATAR,
  icon: `data:image/svg+xml,${encodeURIComponent(AVATAR)}`,
  style: STYLES.map((name) => read(`./${name}.css`)).join('\n'),
  script: SCRIPTS.map((name) => read(`./${name}.js`)).join('\n'),
};
const PHONE = fill(read('./phone.html'), PARTS);

/** The phone as one document that asks for nothing but this server. */
export const page = (bot: User): string => fill(PHONE, { name: escapeHtml(bot.first_name) });

/** `{{word}}` becomes the part of that name; what has none stays for a later filling. */
function fill(text: string, parts: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{\{(\w+)\}\}/g, (whole, name: string) => parts[name] ?? whole);
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
