/** State of the page, small helpers, theme and the way to the server. */
export const SCRIPT_CORE = String.raw`
const $ = (id) => document.getElementById(id);
const query = new URLSearchParams(location.search);
const state = {
  bot: null, users: [], chats: [], chat: Number(query.get('user')) || null,
  messages: new Map(), seq: 0, shown: 200, unread: 0, busy: new Map(), commands: [], connected: false, replyTo: null,
};

function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  if (tag === 'button') node.type = 'button';
  return node;
}

async function ask(path, body) {
  const options = body === undefined ? {} : {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body),
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

let toastTimer;
function toast(text) {
  const node = $('toast');
  node.hidden = true;
  void node.offsetWidth;
  node.replaceChildren(rich(text));
  node.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { node.hidden = true; }, 3500);
}

function complain(error) {
  toast(error instanceof Error ? error.message : String(error));
}

function alertBox(text) {
  $('alert-text').replaceChildren(rich(text));
  if (!$('alert').open) $('alert').showModal();
}

function remember(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {}
}

function recall(key) {
  try { return localStorage.getItem(key); } catch { return null; }
}

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
}

function setTheme(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  remember('theme', theme);
}
setTheme(recall('theme'));
$('theme-toggle').addEventListener('click', () => setTheme(isDark() ? 'light' : 'dark'));

const two = (number) => String(number).padStart(2, '0');
function clock(seconds) {
  const date = new Date(seconds * 1000);
  return two(date.getHours()) + ':' + two(date.getMinutes());
}
function dayKey(seconds) {
  return new Date(seconds * 1000).toDateString();
}
function dayName(seconds) {
  const date = new Date(seconds * 1000);
  const today = new Date();
  if (date.toDateString() === today.toDateString()) return 'Today';
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  if (date.toDateString() === yesterday.toDateString()) return 'Yesterday';
  const options = { day: 'numeric', month: 'long' };
  if (date.getFullYear() !== today.getFullYear()) options.year = 'numeric';
  return date.toLocaleDateString('en-GB', options);
}
function fileSize(bytes) {
  if (bytes < 1024) return bytes + ' B';
  if (bytes < 1024 * 1024) return (bytes / 1024).toFixed(1) + ' KB';
  return (bytes / 1024 / 1024).toFixed(1) + ' MB';
}

function showStatusTime() {
  $('status-time').textContent = clock(Date.now() / 1000);
}
showStatusTime();
setInterval(showStatusTime, 10000);

let typingTimer;
function showTyping(action, ms) {
  const words = {
    upload_photo: 'sending a photo', upload_document: 'sending a file', choose_sticker: 'choosing a sticker',
  };
  setHeaderState('typing', words[action] || 'typing');
  clearTimeout(typingTimer);
  typingTimer = setTimeout(stopTyping, Math.max(0, ms));
}
function stopTyping() {
  clearTimeout(typingTimer);
  if (state.connected) setHeaderState('bot', 'bot');
}
function setHeaderState(kind, text) {
  $('state').dataset.state = kind;
  $('state').textContent = text;
}
`;
