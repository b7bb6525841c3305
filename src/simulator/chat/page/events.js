/** What arrives from the server: the event stream, banners, and the start of the page. */
function take(/** @type {Message} */ message, /** @type {boolean} */ fresh) {
  const known = state.messages.get(message.id);
  state.seq = Math.max(state.seq, message.seq);
  if (known && known.seq >= message.seq) return false;
  state.messages.set(message.id, message);
  if (message.from === 'bot' && !known && fresh) stopTyping();
  return !known;
}

function receive(/** @type {Message} */ message) {
  const bottom = atBottom();
  const isNew = take(message, true);
  layout(true);
  if (isNew) applyMarkup(message);
  if (isNew && message.from === 'user') return toBottom(false);
  if (bottom) $('log').scrollTop = $('log').scrollHeight;
  if (isNew && message.from === 'bot' && (!bottom || !document.hasFocus()))
    countUnread(state.unread + 1);
}

async function catchUp(/** @type {string} */ history) {
  if (state.history && state.history !== history) forget();
  state.history = history;
  const first = state.messages.size === 0;
  const bottom = first || atBottom();
  const { messages } = await ask('/user/messages?chat=' + state.chat + '&after=' + state.seq);
  for (const message of messages) {
    if (take(message, !first)) applyMarkup(message);
  }
  layout(false);
  if (bottom) toBottom(false);
}

function forget() {
  state.messages.clear();
  nodes.clear();
  state.seq = 0;
}

async function readCommands() {
  const answer = await ask('/user/commands?chat=' + state.chat + '&user=' + userId());
  state.commands = answer.commands;
}

/** @type {Timer | undefined} */
let bannerTimer;
let bannerFor = 0;
function showBanner(/** @type {Push} */ push) {
  if (document.hasFocus() && !document.hidden && atBottom()) return;
  bannerFor = push.message_id;
  $('banner-title').textContent = push.title;
  $('banner-text').replaceChildren(rich(push.text));
  $('banner').hidden = true;
  void $('banner').offsetWidth;
  $('banner').hidden = false;
  clearTimeout(bannerTimer);
  bannerTimer = setTimeout(() => {
    $('banner').hidden = true;
  }, 6000);
}
$('banner').addEventListener('click', () => {
  $('banner').hidden = true;
  goTo(bannerFor);
});

function answered(/** @type {Answer} */ event) {
  setBusy(event.message_id, event.data, false);
  if (event.text && event.show_alert) alertBox(event.text);
  else if (event.text) toast(event.text);
  const href = event.url ? safeLink(event.url) : null;
  if (href) window.open(href, '_blank', 'noopener');
}

const HANDLERS = {
  message: (/** @type {any} */ event) => receive(event.message),
  edit: (/** @type {any} */ event) => receive(event.message),
  delete: (/** @type {any} */ event) => receive(event.message),
  typing: (/** @type {any} */ event) => showTyping(event.action, 5000),
  callback_answer: answered,
  push: showBanner,
  blocked: (/** @type {any} */ event) => showBlocked(event.blocked),
};

function listen() {
  const source = new EventSource('/user/events');
  source.addEventListener('hello', (event) => {
    state.connected = true;
    stopTyping();
    Promise.all([catchUp(JSON.parse(event.data).history), readCommands()]).catch(complain);
  });
  for (const [type, handle] of Object.entries(HANDLERS)) {
    source.addEventListener(type, (message) => {
      const event = JSON.parse(message.data);
      if (event.chat === state.chat) handle(event);
    });
  }
  source.addEventListener('commands', () => readCommands().catch(complain));
  source.addEventListener('chats', () => readPeople().catch(complain));
  source.addEventListener('error', () => {
    state.connected = false;
    setHeaderState('connecting', 'connecting…');
    // A browser gives up after a refusal; a new stream tries again.
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, 1500);
  });
}

async function readPeople() {
  const { bot, users, chats, market: hasMarket } = await ask('/user/chats');
  Object.assign(state, { bot, users, chats });
  if (!chats.some((/** @type {Person} */ chat) => chat.id === state.chat))
    state.chat = chats[0]?.id ?? null;
  const own = chats.find((/** @type {Person} */ chat) => chat.id === state.chat);
  showBlocked(Boolean(own && own.blocked));
  return hasMarket;
}

window.addEventListener('focus', () => {
  if (atBottom()) countUnread(0);
});

async function begin() {
  setHeaderState('connecting', 'connecting…');
  try {
    if (await readPeople()) offerMarket();
    if (state.chat === null)
      return complain('There is no person yet: add one with POST /user/user');
    countUnread(0);
    listen();
  } catch {
    setTimeout(begin, 1500);
  }
}
void begin();
