/** Writing: the composer, the command menu, reply keyboards, and the menu of people. */
const composer = $('composer');
const sendButton = /** @type {HTMLButtonElement} */ (
  document.querySelector('[data-testid="send"]')
);

const userId = () => Number(query.get('as')) || (state.chat > 0 ? state.chat : state.users[0]?.id);

async function sendText(/** @type {string} */ text) {
  const reply = state.replyTo;
  setReply(null);
  try {
    await ask('/user/send', {
      chat: state.chat,
      from: userId(),
      text,
      ...(reply ? { reply_to: reply } : {}),
    });
    toBottom(false);
    return true;
  } catch (error) {
    complain(error);
    return false;
  }
}

function fitComposer() {
  composer.style.height = 'auto';
  composer.style.height = Math.min(composer.scrollHeight, 132) + 'px';
  sendButton.disabled = composer.value.trim() === '';
}

$('composer-form').addEventListener('submit', async (event) => {
  event.preventDefault();
  const text = composer.value;
  if (text.trim() === '') return;
  closeMenu();
  composer.value = '';
  fitComposer();
  if (!(await sendText(text))) {
    composer.value = text;
    fitComposer();
  }
});

composer.addEventListener('input', () => {
  fitComposer();
  const typed = /^\/([a-z0-9_]*)$/i.exec(composer.value);
  if (typed) openMenu(typed[1].toLowerCase());
  else closeMenu();
});

composer.addEventListener('keydown', (event) => {
  if (event.isComposing) return;
  const open = !$('menu').hidden;
  if (open && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
    event.preventDefault();
    moveChoice(event.key === 'ArrowDown' ? 1 : -1);
  } else if (open && event.key === 'Escape') {
    closeMenu();
  } else if (open && event.key === 'Tab' && chosenItem()) {
    event.preventDefault();
    composer.value = '/' + chosenItem()?.dataset.command + ' ';
    closeMenu();
    fitComposer();
  } else if (event.key === 'Enter' && !event.shiftKey) {
    event.preventDefault();
    const item = open ? chosenItem() : null;
    if (item && item.dataset.chosen) item.click();
    else $('composer-form').requestSubmit();
  }
});

function openMenu(/** @type {string} */ prefix) {
  const matching = state.commands.filter((one) => one.command.startsWith(prefix));
  const menu = $('menu');
  menu.textContent = '';
  for (const { command, description } of matching) {
    const item = element('button', 'menu-item');
    item.dataset.command = command;
    item.setAttribute('role', 'option');
    item.append(element('b', '', '/' + command), described(description));
    item.addEventListener('click', () => {
      closeMenu();
      composer.value = '';
      fitComposer();
      composer.focus();
      void sendText('/' + command);
    });
    menu.append(item);
  }
  if (matching.length === 0 && prefix === '' && state.commands.length === 0) {
    menu.append(element('p', 'menu-item', 'The bot has not set any commands yet'));
  }
  menu.hidden = menu.childElementCount === 0;
  $('menu-toggle').setAttribute('aria-expanded', String(!menu.hidden));
  if (matching.length > 0) choose(elements(menu, '[data-command]')[0], false);
}

function described(/** @type {string} */ text) {
  const node = element('span');
  node.append(rich(text));
  return node;
}

function closeMenu() {
  $('menu').hidden = true;
  $('menu-toggle').setAttribute('aria-expanded', 'false');
}

/** @returns {HTMLElement | undefined} */
const chosenItem = () => elements($('menu'), '[aria-selected="true"]')[0];

function choose(/** @type {HTMLElement | undefined} */ item, /** @type {boolean} */ byKey) {
  chosenItem()?.removeAttribute('aria-selected');
  item?.setAttribute('aria-selected', 'true');
  if (item && byKey) {
    item.dataset.chosen = 'yes';
    item.scrollIntoView({ block: 'nearest' });
  }
}

function moveChoice(/** @type {number} */ step) {
  const items = elements($('menu'), '[data-command]');
  if (items.length === 0) return;
  const current = items.findIndex((each) => each === chosenItem());
  const next = chosenItem()?.dataset.chosen || step < 0 ? current + step : current;
  choose(items[(next + items.length) % items.length], true);
}

$('menu-toggle').addEventListener('click', () => {
  if ($('menu').hidden) openMenu('');
  else closeMenu();
  composer.focus();
});

$('start').addEventListener('click', () => sendText('/start'));

function setReply(/** @type {Message | null} */ message) {
  state.replyTo = message ? message.id : null;
  $('reply-bar').hidden = !message;
  $('reply-text').textContent = message ? shortText(message) : '';
}
$('reply-cancel').addEventListener('click', () => setReply(null));

function applyMarkup(/** @type {Message} */ message) {
  const markup = message.markup;
  if (message.from !== 'bot' || !markup) return;
  if (markup.kind === 'force') {
    setReply(message);
    composer.placeholder = markup.placeholder || 'Message';
    composer.focus();
  } else if (markup.kind === 'remove') {
    $('reply-keyboard').hidden = true;
    composer.placeholder = 'Message';
  } else if (markup.kind === 'reply') showReplyKeyboard(markup);
}

function showReplyKeyboard(/** @type {Markup} */ markup) {
  const panel = $('reply-keyboard');
  panel.textContent = '';
  composer.placeholder = markup.placeholder || 'Message';
  for (const row of markup.rows) {
    const line = element('div');
    for (const text of row) {
      const key = element('button', '', text);
      key.addEventListener('click', () => {
        if (markup.oneTime) panel.hidden = true;
        void sendText(text);
      });
      line.append(key);
    }
    panel.append(line);
  }
  panel.hidden = markup.rows.length === 0;
}

function showBlocked(/** @type {boolean} */ blocked) {
  $('composer-form').hidden = blocked;
  $('unblock').hidden = !blocked;
}
$('unblock').addEventListener('click', () => setBlocked(false));

async function setBlocked(/** @type {boolean} */ blocked) {
  try {
    await ask('/user/block', { chat: state.chat, blocked });
  } catch (error) {
    complain(error);
  }
}

/**
 * @param {string} label
 * @param {() => unknown} act
 * @param {string} [className]
 */
function moreItem(label, act, className) {
  const item = element('button', className || '', label);
  item.addEventListener('click', () => {
    toggleMore(false);
    act();
  });
  $('more').append(item);
  return item;
}

function toggleMore(/** @type {boolean} */ open) {
  const more = $('more');
  more.hidden = !open;
  $('more-toggle').setAttribute('aria-expanded', String(open));
  if (!open) return;
  more.textContent = '';
  if (state.chats.length > 1) {
    more.append(element('h2', '', 'Use the phone of'));
    for (const chat of state.chats) {
      const name = chat.title || chat.first_name + (chat.username ? ' @' + chat.username : '');
      const item = moreItem(name, () => {
        location.search = '?user=' + chat.id;
      });
      if (chat.id === state.chat) item.append(element('span', '', '✓'));
    }
  }
  more.append(element('h2', '', 'Appearance'));
  moreItem('Light', () => setTheme('light'));
  moreItem('Dark', () => setTheme('dark'));
  moreItem('As the system', () => setTheme(null));
  if (state.chat > 0) {
    const blocked = !$('unblock').hidden;
    more.append(element('h2', '', 'Bot'));
    moreItem(blocked ? 'Unblock the bot' : 'Block the bot', () => setBlocked(!blocked), 'danger');
  }
  elements(more, 'button')[0]?.focus();
}

$('more-toggle').addEventListener('click', (event) => {
  event.stopPropagation();
  toggleMore(Boolean($('more').hidden));
});
document.addEventListener('click', ({ target }) => {
  if (!(target instanceof Node)) return;
  if (!$('more').hidden && !$('more').contains(target)) toggleMore(false);
  if (!$('menu').hidden && !$('menu').contains(target) && !$('composer-form').contains(target))
    closeMenu();
});
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && !$('more').hidden) {
    toggleMore(false);
    $('more-toggle').focus();
  }
});
