/** State of the page, small helpers, theme and the way to the server. */
/**
 * What the server sends, in its own words, so that both ends are checked against each other.
 * @typedef {import('../wire/message-views.ts').UserMessage} Message
 * @typedef {import('../message.ts').User} User
 * @typedef {import('../message.ts').Entity} Entity
 * @typedef {import('../message.ts').InlineButton} Key
 * @typedef {import('../message.ts').ChatInfo & { readonly blocked?: boolean }} Person
 * @typedef {Extract<import('../message.ts').ReplyMarkup, { kind: 'reply' }>} Markup
 * @typedef {Extract<import('../events.ts').ChatEvent, { type: 'push' }>} Push
 * @typedef {Extract<import('../events.ts').ChatEvent, { type: 'callback_answer' }>} Answer
 * @typedef {{ readonly command: string, readonly description: string }} Command
 * @typedef {ReturnType<typeof setTimeout>} Timer
 */
/**
 * Elements of the page by id that are more than an HTMLElement.
 * @typedef {{
 *   alert: HTMLDialogElement, viewer: HTMLDialogElement, 'viewer-image': HTMLImageElement, composer: HTMLTextAreaElement,
 *   'composer-form': HTMLFormElement, 'market-form': HTMLFormElement,
 * }} Special
 */
/**
 * The element of that id, which phone.html has.
 * @template {string} Id
 * @param {Id} id
 * @returns {Id extends keyof Special ? Special[Id] : HTMLElement}
 */
const $ = (id) => /** @type {any} */ (document.getElementById(id));
/** @returns {HTMLElement[]} */
const elements = (/** @type {ParentNode} */ within, /** @type {string} */ selector) =>
  [...within.querySelectorAll(selector)].filter((each) => each instanceof HTMLElement);
const query = new URLSearchParams(location.search);
/**
 * @type {{
 *   bot: User | null, users: User[], chats: Person[], chat: number, messages: Map<number, Message>, seq: number, shown: number,
 *   unread: number, busy: Map<string, Timer>, commands: Command[], connected: boolean, replyTo: number | null, history?: string,
 * }} `chat` is 0 until the people are read, or while there are none.
 */
const state = {
  bot: null,
  users: [],
  chats: [],
  chat: Number(query.get('user')) || 0,
  messages: new Map(),
  seq: 0,
  shown: 200,
  unread: 0,
  busy: new Map(),
  commands: [],
  connected: false,
  replyTo: null,
};

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} [className]
 * @param {string} [text]
 * @returns {HTMLElementTagNameMap[Tag]}
 */
function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  if (node instanceof HTMLButtonElement) node.type = 'button';
  return node;
}

/**
 * The server's answer; rejects with its words.
 * @param {string} path
 * @param {unknown} [body]
 * @returns {Promise<any>}
 */
async function ask(path, body) {
  /** @type {RequestInit} */
  const options =
    body === undefined
      ? {}
      : {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        };
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Error('The chat does not answer. Is Vigil still running?');
  }
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error || 'Refused');
  return answer;
}

/** @type {Timer | undefined} */
let toastTimer;
function toast(/** @type {string} */ text) {
  const node = $('toast');
  node.hidden = true;
  void node.offsetWidth;
  node.replaceChildren(rich(text));
  node.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => {
    node.hidden = true;
  }, 3500);
}

function wordsOf(/** @type {unknown} */ error) {
  return error instanceof Error ? error.message : String(error);
}

function complain(/** @type {unknown} */ error) {
  toast(wordsOf(error));
}

function alertBox(/** @type {string} */ text) {
  $('alert-text').replaceChildren(rich(text));
  if (!$('alert').open) $('alert').showModal();
}

function remember(/** @type {string} */ key, /** @type {string | null} */ value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {}
}

function recall(/** @type {string} */ key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
}

function setTheme(/** @type {string | null} */ theme) {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  remember('theme', theme);
}
setTheme(recall('theme'));
$('theme-toggle').addEventListener('click', () => setTheme(isDark() ? 'light' : 'dark'));

const two = (/** @type {number} */ number) => String(number).padStart(2, '0');
function clock(/** @type {number} */ seconds) {
  const date = new Date(seconds * 1000);
  return two(date.getHours()) + ':' + two(date.getMinutes());
}
function dayKey(/** @type {number} */ seconds) {
  return new Date(seconds * 1000).toDateString();
}
function dayName(/** @type {number} */ seconds) {
  const date = new Date(seconds * 1000);
  const today = new Date();
  if (date.toDateString() === today.toDateString()) return 'Today';
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  if (date.toDateString() === yesterday.toDateString()) return 'Yesterday';
  /** @type {Intl.DateTimeFormatOptions} */
  const options = { day: 'numeric', month: 'long' };
  if (date.getFullYear() !== today.getFullYear()) options.year = 'numeric';
  return date.toLocaleDateString('en-GB', options);
}
function fileSize(/** @type {number} */ bytes) {
  if (bytes < 1024) return bytes + ' B';
  if (bytes < 1024 * 1024) return (bytes / 1024).toFixed(1) + ' KB';
  return (bytes / 1024 / 1024).toFixed(1) + ' MB';
}

function showStatusTime() {
  $('status-time').textContent = clock(Date.now() / 1000);
}
showStatusTime();
setInterval(showStatusTime, 10000);

/** @type {Timer | undefined} */
let typingTimer;
function showTyping(/** @type {string} */ action, /** @type {number} */ ms) {
  /** @type {Record<string, string>} */
  const words = {
    upload_photo: 'sending a photo',
    upload_document: 'sending a file',
    choose_sticker: 'choosing a sticker',
  };
  setHeaderState('typing', words[action] || 'typing');
  clearTimeout(typingTimer);
  typingTimer = setTimeout(stopTyping, Math.max(0, ms));
}
function stopTyping() {
  clearTimeout(typingTimer);
  if (state.connected) setHeaderState('bot', 'bot');
}
function setHeaderState(/** @type {string} */ kind, /** @type {string} */ text) {
  $('state').dataset.state = kind;
  $('state').textContent = text;
}
