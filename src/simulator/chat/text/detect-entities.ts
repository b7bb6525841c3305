import type { Entity } from '../message.ts';

const BOT_COMMAND =
  /(?<![\p{L}\p{N}_/<>@])\/[a-z0-9_]{1,64}(?:@[a-z0-9_]{3,32})?(?![\p{L}\p{N}_/])/giu;
const MENTION = /(?<![\p{L}\p{N}_/@.])@[a-z][a-z0-9_]{3,31}(?![\p{L}\p{N}_])/giu;
const HASHTAG = /(?<![\p{L}\p{N}_#/&])#(?=[\p{L}\p{N}_]*\p{L})[\p{L}\p{N}_]{1,256}/gu;
const CASHTAG = /(?<![\p{L}\p{N}_$])\$(?:1INCH|[A-Z]{1,8})(?![\p{L}\p{N}_$])/gu;
const EMAIL =
  /(?<![\p{L}\p{N}_.+-])[\w.+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?![\p{L}\p{N}_])/giu;
const URL_TEXT =
  /(?<![\p{L}\p{N}@./])(?:https?:\/\/|www\.|t\.me\/)[^\s<>"'`]*[^\s<>"'`.,;:!?()[\]{}]/giu;

const DETECTORS: readonly (readonly [type: string, pattern: RegExp])[] = [
  ['url', URL_TEXT],
  ['email', EMAIL],
  ['bot_command', BOT_COMMAND],
  ['mention', MENTION],
  ['hashtag', HASHTAG],
  ['cashtag', CASHTAG],
];

/** The entities that Telegram finds by itself: commands, addresses, mentions, hashtags and cashtags. */
export function detectEntities(text: string): Entity[] {
  const found: Entity[] = [];
  for (const [type, pattern] of DETECTORS) {
    for (const match of text.matchAll(pattern)) {
      const entity = { type, offset: match.index, length: match[0].length };
      if (!found.some((other) => overlap(other, entity))) found.push(entity);
    }
  }
  return sortEntities(found);
}

const OPAQUE = new Set(['code', 'pre', 'text_link', 'text_mention']);

/** The given entities plus those detected in ranges that are not code or already a link. */
export function withDetected(text: string, given: readonly Entity[]): Entity[] {
  const blocked = given.filter((entity) => OPAQUE.has(entity.type));
  const detected = detectEntities(text).filter(
    (entity) =>
      !blocked.some((other) => overlap(other, entity)) &&
      !given.some((other) => crosses(other, entity)),
  );
  return sortEntities([...given, ...detected]);
}

/** By beginning, then the longer one first, so that an entity comes before what it contains. */
export function sortEntities(entities: readonly Entity[]): Entity[] {
  return entities.toSorted((a, b) => a.offset - b.offset || b.length - a.length);
}

function overlap(a: Entity, b: Entity): boolean {
  return a.offset < b.offset + b.length && b.offset < a.offset + a.length;
}

function crosses(a: Entity, b: Entity): boolean {
  const contains = (outer: Entity, inner: Entity): boolean =>
    outer.offset <= inner.offset && outer.offset + outer.length >= inner.offset + inner.length;
  return overlap(a, b) && !contains(a, b) && !contains(b, a);
}
