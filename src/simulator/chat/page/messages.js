/** Bubbles, albums, keyboards under messages and the list that holds them. */
/** @type {Map<number, HTMLElement>} */
const nodes = new Map();

function photoNode(
  /** @type {Message} */ message,
  /** @type {NonNullable<Message['photo']>} */ photo,
) {
  const node = element('button', 'photo');
  const ratio = Math.min(Math.max(photo.width / photo.height, 0.6), 2.4);
  if (!message.album) node.style.aspectRatio = String(ratio);
  node.setAttribute(
    'aria-label',
    'Photo' + (message.caption ? ': ' + message.caption.slice(0, 120) : '') + ', press to enlarge',
  );
  const image = element('img');
  image.alt = '';
  image.src = '/user/file/' + encodeURIComponent(photo.file_id);
  node.append(image);
  node.addEventListener('click', () => openViewer(photo, message.caption));
  return node;
}

/**
 * @param {NonNullable<Message['photo']>} photo
 * @param {string} [caption]
 */
function openViewer(photo, caption) {
  $('viewer-image').src = '/user/file/' + encodeURIComponent(photo.file_id);
  $('viewer-caption').textContent = caption || '';
  $('viewer').showModal();
}
$('viewer').addEventListener('click', (event) => {
  if (event.target === $('viewer')) $('viewer').close();
});

function documentNode(/** @type {NonNullable<Message['document']>} */ file) {
  const node = element('a', 'document');
  node.href = '/user/file/' + encodeURIComponent(file.file_id);
  node.download = file.name;
  const dot = file.name.lastIndexOf('.');
  node.append(
    element(
      'span',
      'document-icon',
      dot > 0 ? file.name.slice(dot + 1, dot + 5).toUpperCase() : 'FILE',
    ),
  );
  const about = element('span');
  about.append(element('span', 'document-name', file.name));
  about.append(element('span', 'document-size', fileSize(file.size)));
  node.append(about);
  return node;
}

function metaNode(/** @type {Message} */ message) {
  const node = element('span', 'meta');
  if (message.pinned) {
    const pin = element('span', 'pin');
    pin.append(rich('📌'));
    node.append(pin);
  }
  if (message.edited) node.append('edited ');
  const time = element('time', '', clock(message.date));
  time.dateTime = new Date(message.date * 1000).toISOString();
  time.title = new Date(message.date * 1000).toLocaleString('en-GB');
  node.append(time);
  if (message.from === 'user') node.append(element('span', 'ticks'));
  return node;
}

function replyNode(/** @type {number} */ id) {
  const target = state.messages.get(id);
  const node = element('button', 'reply');
  node.append(element('b', '', target ? target.from_name : 'Message'));
  const quoted = element('span');
  quoted.append(rich(target ? shortText(target) : 'deleted'));
  node.append(quoted);
  node.addEventListener('click', () => goTo(id));
  return node;
}

function shortText(/** @type {Message} */ message) {
  return (
    message.text ||
    message.caption ||
    (message.photo ? 'Photo' : message.document ? message.document.name : '')
  );
}

function keyboardNode(
  /** @type {Message} */ message,
  /** @type {NonNullable<Message['keyboard']>} */ rows,
) {
  const node = element('div', 'keyboard');
  for (const row of rows) {
    const line = element('div', 'keyboard-row');
    for (const button of row) line.append(keyNode(message, button));
    node.append(line);
  }
  return node;
}

function keyNode(/** @type {Message} */ message, /** @type {Key} */ button) {
  const href = button.url ? safeLink(button.url) : null;
  const node = element(href ? 'a' : 'button', 'key ' + (button.style || ''));
  const label = element('span');
  label.append(rich(button.text));
  node.append(label);
  node.dataset.testid = 'button';
  if (node instanceof HTMLAnchorElement && href) {
    node.href = href;
    node.target = '_blank';
    node.rel = 'noopener noreferrer';
    node.append(element('span', 'corner', '↗'));
  } else if (button.copy_text) {
    const { text } = button.copy_text;
    node.addEventListener('click', () => copyText(text));
  } else if (button.callback_data) {
    const data = button.callback_data;
    node.dataset.callback = data;
    if (state.busy.has(busyKey(message.id, data))) node.setAttribute('aria-busy', 'true');
    node.addEventListener('click', () => tapButton(message.id, data));
  }
  return node;
}

const busyKey = (/** @type {number} */ id, /** @type {string} */ data) => id + '|' + data;

function setBusy(
  /** @type {number} */ id,
  /** @type {string} */ data,
  /** @type {boolean} */ busy,
) {
  const key = busyKey(id, data);
  clearTimeout(state.busy.get(key));
  state.busy.delete(key);
  // Telegram gives the bot a while to answer; after that the button is free again.
  if (busy)
    state.busy.set(
      key,
      setTimeout(() => setBusy(id, data, false), 15000),
    );
  for (const node of elements(document, '[data-message-id="' + id + '"] [data-callback]')) {
    if (node.dataset.callback !== data) continue;
    if (busy) node.setAttribute('aria-busy', 'true');
    else node.removeAttribute('aria-busy');
  }
}

async function tapButton(/** @type {number} */ id, /** @type {string} */ data) {
  if (state.busy.has(busyKey(id, data))) return;
  setBusy(id, data, true);
  try {
    await ask('/user/tap', { chat: state.chat, from: userId(), message_id: id, data });
  } catch (error) {
    setBusy(id, data, false);
    complain(error);
  }
}

function bubbleNode(/** @type {Message} */ message, /** @type {Message[]} */ album) {
  const bubble = element('div', 'bubble');
  const text = message.text ?? message.caption ?? '';
  const textNode = text ? words(text, message.entities) : null;
  if (state.chat < 0 && message.from === 'user')
    bubble.append(element('span', 'sender', message.from_name));
  if (message.reply_to) bubble.append(replyNode(message.reply_to));
  if (textNode && message.caption_above) bubble.append(textNode);
  if (album.length > 1 && message.photo) bubble.append(albumNode(album));
  else if (message.photo) bubble.append(photoNode(message, message.photo));
  for (const one of album.length > 1 ? album : [message])
    if (one.document) bubble.append(documentNode(one.document));
  const host = textNode || bubble;
  if (textNode && !message.caption_above) bubble.append(textNode);
  host.append(metaNode(message));
  return bubble;
}

function albumNode(/** @type {Message[]} */ album) {
  const node = element('div', 'album');
  album.forEach((/** @type {Message} */ message, /** @type {number} */ index) => {
    if (!message.photo) return;
    const photo = photoNode(message, message.photo);
    const odd = album.length % 2 === 1;
    if (odd && album.length === 3 && index === 0) photo.classList.add('wide');
    else if (odd && album.length > 3 && index > album.length - 4) photo.classList.add('third');
    node.append(photo);
  });
  return node;
}

function messageNode(/** @type {Message} */ message, /** @type {Message[]} */ album) {
  const node = element('article', 'message' + (message.from === 'user' ? ' out' : ''));
  node.dataset.testid = 'message';
  node.dataset.messageId = String(message.id);
  node.dataset.from = message.from;
  const captioned = album.find((/** @type {Message} */ one) => one.caption) || message;
  const main =
    album.length > 1
      ? { ...message, caption: captioned.caption, entities: captioned.entities }
      : message;
  if (message.photo || message.document) node.classList.add('media');
  if (message.photo && !main.caption) node.classList.add('plain');
  if (message.photo && album.length > 1) node.style.width = '344px';
  if (message.photo && album.length === 1) {
    node.style.width = Math.min(360, Math.max(200, message.photo.width)) + 'px';
  }
  node.append(bubbleNode(main, album));
  if (message.keyboard) node.append(keyboardNode(message, message.keyboard));
  if (message.reactions.length > 0) {
    const line = element('div', 'reactions');
    for (const emoji of message.reactions) line.append(reactionNode(emoji));
    node.append(line);
  }
  return node;
}

function reactionNode(/** @type {string} */ emoji) {
  const node = element('span', 'reaction');
  node.append(rich(emoji));
  return node;
}

function visibleGroups() {
  /** @type {Message[][]} */
  const groups = [];
  /** @type {Map<string, Message[]>} */
  const byAlbum = new Map();
  for (const message of [...state.messages.values()].sort((a, b) => a.id - b.id)) {
    if (message.deleted) continue;
    const known = message.album ? byAlbum.get(message.album) : undefined;
    if (known) known.push(message);
    else {
      const group = [message];
      groups.push(group);
      if (message.album) byAlbum.set(message.album, group);
    }
  }
  return groups;
}

function layout(/** @type {boolean} */ fresh) {
  const all = visibleGroups();
  const groups = all.slice(-state.shown);
  $('earlier').hidden = all.length <= groups.length;
  $('empty').hidden = all.length > 0;
  /** @type {HTMLElement[]} */
  const wanted = [];
  groups.forEach((group, index) => {
    const [message] = group;
    const before = groups[index - 1]?.[0];
    const after = groups[index + 1]?.[0];
    if (!before || dayKey(before.date) !== dayKey(message.date)) wanted.push(dayNode(message.date));
    const node = keptNode(group, fresh);
    const near = (/** @type {Message | undefined} */ a, /** @type {Message | undefined} */ b) =>
      a &&
      b &&
      a.from_id === b.from_id &&
      dayKey(a.date) === dayKey(b.date) &&
      Math.abs(a.date - b.date) < 600;
    node.classList.toggle('first', !near(before, message));
    node.classList.toggle('last', !near(message, after) || Boolean(message.keyboard));
    wanted.push(node);
  });
  place(wanted);
}

function keptNode(/** @type {Message[]} */ group, /** @type {boolean} */ fresh) {
  const [message] = group;
  const stamp = group.map((/** @type {Message} */ one) => one.id + ':' + one.seq).join();
  const kept = nodes.get(message.id);
  if (kept && kept.dataset.stamp === stamp) return kept;
  const node = messageNode(message, group);
  node.dataset.stamp = stamp;
  if (!kept && fresh) node.classList.add('new');
  nodes.set(message.id, node);
  return node;
}

/** @type {Map<string, HTMLElement>} */
const days = new Map();
function dayNode(/** @type {number} */ date) {
  const key = dayKey(date);
  const node = days.get(key) ?? element('div', 'day');
  days.set(key, node);
  node.textContent = dayName(date);
  return node;
}

function place(/** @type {HTMLElement[]} */ wanted) {
  const list = $('list');
  const keep = new Set(wanted);
  for (const node of elements(list, ':scope > *')) if (!keep.has(node)) node.remove();
  wanted.forEach((/** @type {HTMLElement} */ node, /** @type {number} */ index) => {
    if (list.children[index] !== node) list.insertBefore(node, list.children[index] || null);
  });
}

function atBottom() {
  const log = $('log');
  return log.scrollHeight - log.scrollTop - log.clientHeight < 60;
}

function toBottom(/** @type {boolean} */ smooth) {
  $('log').scrollTo({ top: $('log').scrollHeight, behavior: smooth ? 'smooth' : 'auto' });
  countUnread(0);
}

function countUnread(/** @type {number} */ count) {
  state.unread = count;
  $('unread').hidden = count === 0;
  $('unread').textContent = String(count);
  $('to-bottom').setAttribute(
    'aria-label',
    'Scroll to the newest message' + (count ? ', ' + count + ' unread' : ''),
  );
  document.title = (count ? '(' + count + ') ' : '') + (state.bot ? state.bot.first_name : '');
}

function goTo(/** @type {number} */ id) {
  const [node] = elements(document, '[data-message-id="' + id + '"]');
  if (!node) return toBottom(true);
  node.scrollIntoView({ block: 'center' });
  node.classList.remove('flash');
  void node.offsetWidth;
  node.classList.add('flash');
}

$('log').addEventListener(
  'scroll',
  () => {
    const bottom = atBottom();
    $('to-bottom').hidden = bottom;
    if (bottom && state.unread && document.hasFocus()) countUnread(0);
  },
  { passive: true },
);
$('to-bottom').addEventListener('click', () => toBottom(true));
$('earlier').addEventListener('click', () => {
  const log = $('log');
  const fromEnd = log.scrollHeight - log.scrollTop;
  state.shown += 200;
  layout(false);
  log.scrollTop = log.scrollHeight - fromEnd;
});
new ResizeObserver(() => {
  if ($('to-bottom').hidden) $('log').scrollTop = $('log').scrollHeight;
}).observe($('log'));
