/** Texts with entities as document nodes. Nothing from a message is ever read as HTML. */
/** @type {Record<string, 'b' | 'i' | 'u' | 's' | 'code'>} */
const INLINE_TAGS = { bold: 'b', italic: 'i', underline: 'u', strikethrough: 's', code: 'code' };
const BLOCKS = new Set(['pre', 'blockquote', 'expandable_blockquote']);

function safeLink(/** @type {string} */ url) {
  try {
    const parsed = new URL(/^[a-z][a-z0-9+.-]*:/i.test(url) ? url : 'https://' + url);
    return ['http:', 'https:', 'mailto:', 'tg:'].includes(parsed.protocol) ? parsed.href : null;
  } catch {
    return null;
  }
}

/**
 * @param {string} url
 * @param {string} [label]
 */
function link(url, label) {
  const href = safeLink(url);
  const node = element(href ? 'a' : 'span');
  if (href && node instanceof HTMLAnchorElement) {
    node.href = href;
    node.target = '_blank';
    node.rel = 'noopener noreferrer';
    node.title = href;
  }
  if (label !== undefined) node.textContent = label;
  return node;
}

function spoilerNode() {
  const node = element('span', 'spoiler');
  node.setAttribute('role', 'button');
  node.tabIndex = 0;
  node.setAttribute('aria-label', 'Hidden text, press to show');
  const open = (/** @type {any} */ event) => {
    if (event.type === 'keydown' && event.key !== 'Enter' && event.key !== ' ') return;
    node.classList.add('open');
    node.removeAttribute('aria-label');
  };
  node.addEventListener('click', open);
  node.addEventListener('keydown', open);
  return node;
}

function preNode(/** @type {Entity} */ entity) {
  const node = element('pre');
  node.tabIndex = 0;
  if (entity.language) node.append(element('span', 'language', entity.language));
  return node;
}

function quoteNode(/** @type {Entity} */ entity) {
  const node = element('blockquote', entity.type === 'expandable_blockquote' ? 'expandable' : '');
  if (node.className) node.addEventListener('click', () => node.classList.toggle('open'));
  return node;
}

function entityNode(/** @type {Entity} */ entity, /** @type {string} */ covered) {
  const tag = INLINE_TAGS[entity.type];
  if (tag) {
    const node = element(tag);
    if (tag === 'code') {
      node.title = 'Copy';
      node.addEventListener('click', () => copyText(covered));
    }
    return node;
  }
  if (entity.type === 'text_link') return link(entity.url ?? '');
  if (entity.type === 'url') return link(covered);
  if (entity.type === 'email') return link('mailto:' + covered);
  if (entity.type === 'pre') return preNode(entity);
  if (entity.type === 'spoiler') return spoilerNode();
  if (BLOCKS.has(entity.type)) return quoteNode(entity);
  if (entity.type === 'bot_command') {
    const node = element('button', 'command');
    node.addEventListener('click', () => sendText(covered));
    return node;
  }
  if (['mention', 'hashtag', 'cashtag'].includes(entity.type)) return element('span', 'command');
  return element('span');
}

function appendText(
  /** @type {ParentNode} */ parent,
  /** @type {string} */ text,
  /** @type {readonly Entity[]} */ entities,
  /** @type {number} */ from,
  /** @type {number} */ to,
) {
  let at = from;
  for (let index = 0; index < entities.length; index += 1) {
    const entity = entities[index];
    const end = Math.min(entity.offset + entity.length, to);
    if (entity.offset < at || entity.offset >= to) continue;
    if (entity.offset > at) parent.append(rich(text.slice(at, entity.offset)));
    const node = entityNode(entity, text.slice(entity.offset, end));
    appendText(node, text, entities.slice(index + 1), entity.offset, end);
    parent.append(node);
    at = end;
    // A block ends its line by itself, so the line break after it would leave an empty line.
    if (BLOCKS.has(entity.type) && text[at] === '\n') at += 1;
  }
  if (at < to) parent.append(rich(text.slice(at, to)));
}

function words(/** @type {string} */ text, /** @type {readonly Entity[]} */ entities) {
  const node = element('div', 'words');
  node.dir = 'auto';
  appendText(node, text, entities, 0, text.length);
  return node;
}

async function copyText(/** @type {string} */ text) {
  try {
    await navigator.clipboard.writeText(text);
    toast('Copied');
  } catch {
    toast('Could not copy');
  }
}
