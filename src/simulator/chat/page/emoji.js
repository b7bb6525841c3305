/**
 * Emoji for machines that have no font for them (servers and containers mostly): the signs that a trading bot uses
 * are drawn; the character stays in the text, for copying and for screen readers.
 */
function hasEmojiFont() {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 16;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) return false;
  context.font = '14px ' + getComputedStyle(document.body).fontFamily;
  context.textBaseline = 'top';
  context.fillText('🟢', 0, 0);
  const pixels = context.getImageData(0, 0, 16, 16).data;
  for (let index = 0; index < pixels.length; index += 4) {
    if (pixels[index + 3] > 128 && pixels[index + 1] - pixels[index] > 40) return true;
  }
  return false;
}

const RED = '#e5484d',
  ORANGE = '#f5943a',
  YELLOW = '#f2c037',
  GREEN = '#30a46c',
  BLUE = '#3b8fea',
  GREY = '#8a97a3',
  DARK = '#2b3640';
const disc = (/** @type {string} */ fill) =>
  '<circle cx="12" cy="12" r="9.5" fill="' + fill + '"/>';
const box = (/** @type {string} */ fill) =>
  '<rect x="3" y="3" width="18" height="18" rx="3" fill="' + fill + '"/>';
const shape = (/** @type {string} */ fill, /** @type {string} */ d) =>
  '<path fill="' + fill + '" d="' + d + '"/>';
const line = (/** @type {string} */ stroke, /** @type {string} */ d, width = 2.4) =>
  '<path fill="none" stroke="' +
  stroke +
  '" stroke-width="' +
  width +
  '" stroke-linecap="round" stroke-linejoin="round" d="' +
  d +
  '"/>';
const BELL =
  'M12 2.500a6 6 0 0 0-6 6v4.500L4 17h16l-2-4V8.500a6 6 0 0 0-6-6zM10 18.500a2 2 0 0 0 4 0z';
const SHIELD = 'M12 2l8 3v6c0 5.5-3.5 9-8 11-4.5-2-8-5.5-8-11V5z';
const LOCK = shape(YELLOW, 'M5 11h14v10H5z');

/** @type {Record<string, string>} */
const EMOJI = {
  '🔴': disc(RED),
  '🟠': disc(ORANGE),
  '🟡': disc(YELLOW),
  '🟢': disc(GREEN),
  '🔵': disc(BLUE),
  '🟣': disc('#9a5fd0'),
  '⚪': disc('#dfe5ea'),
  '⚫': disc(DARK),
  '🟥': box(RED),
  '🟧': box(ORANGE),
  '🟨': box(YELLOW),
  '🟩': box(GREEN),
  '🟦': box(BLUE),
  '⬜': box('#dfe5ea'),
  '⬛': box(DARK),
  '✅': box(GREEN) + line('#fff', 'M7.5 12.500l3 3 6-7'),
  '✔': line(GREEN, 'M4 13l5 5L20 6', 3),
  '☑': box(BLUE) + line('#fff', 'M7.5 12.500l3 3 6-7'),
  '❌': line(RED, 'M5 5l14 14M19 5L5 19', 3.5),
  '✖': line(GREY, 'M5 5l14 14M19 5L5 19', 3.5),
  '⚠': shape(YELLOW, 'M12 2.500l10.5 18.500h-21z') + line(DARK, 'M12 9v6M12 18v.1'),
  '🛑': shape(RED, 'M8 2h8l6 6v8l-6 6H8l-6-6V8z') + line('#fff', 'M8 12h8', 3),
  '⛔': disc(RED) + line('#fff', 'M7.5 12h9', 3),
  '🚫':
    '<circle cx="12" cy="12" r="8.5" fill="none" stroke="' +
    RED +
    '" stroke-width="2.6"/>' +
    line(RED, 'M6 6l12 12'),
  '🚨':
    shape(RED, 'M6 17v-5a6 6 0 0 1 12 0v5z') +
    shape(GREY, 'M4 18h16v3H4z') +
    line(YELLOW, 'M12 1.500v2M3.5 5l1.5 1.500M20.5 5L19 6.5', 1.8),
  '🔔': shape(YELLOW, BELL),
  '🔕': shape(GREY, BELL) + line(RED, 'M4 3l16 18', 2),
  '📈': box('#eef2f5') + line(GREEN, 'M5.5 17l4-5 3 3 6-8'),
  '📉': box('#eef2f5') + line(RED, 'M5.5 7l4 5 3-3 6 8'),
  '📊': box('#eef2f5') + line(BLUE, 'M7.5 17v-4M12 17V8M16.5 17v-7', 3),
  '🔺': shape(RED, 'M12 4l9 16H3z'),
  '🔻': shape(RED, 'M12 20L3 4h18z'),
  '🔼': box(BLUE) + shape('#fff', 'M12 8l5 8H7z'),
  '🔽': box(BLUE) + shape('#fff', 'M12 16L7 8h10z'),
  '⬆': box(BLUE) + line('#fff', 'M12 17V7M8 11l4-4 4 4'),
  '⬇': box(BLUE) + line('#fff', 'M12 7v10M8 13l4 4 4-4'),
  '➕': line(GREY, 'M12 4v16M4 12h16', 3.5),
  '➖': line(GREY, 'M4 12h16', 3.5),
  ℹ: box(BLUE) + line('#fff', 'M12 11v6M12 7v.1', 2.8),
  '❓': line(RED, 'M8 8a4 4 0 1 1 6 3.500c-1.5.9-2 1.5-2 3.500M12 20v.1', 3),
  '❗': line(RED, 'M12 3v11M12 20v.1', 3.6),
  '❕': line(GREY, 'M12 3v11M12 20v.1', 3.6),
  '⏳': shape('#c98a4b', 'M5 2h14v3H5zM5 19h14v3H5z') + shape(YELLOW, 'M7 5h10l-5 7 5 7H7l5-7z'),
  '⌛': shape('#c98a4b', 'M5 2h14v3H5zM5 19h14v3H5z') + shape(YELLOW, 'M7 5h10l-5 7 5 7H7l5-7z'),
  '⏰':
    disc(RED) +
    '<circle cx="12" cy="12" r="6.5" fill="#fff"/>' +
    line(DARK, 'M12 8.500V12l2.5 2', 1.8),
  '🕒': disc('#fff') + line(DARK, 'M12 6.500V12h4', 1.8),
  '⏱':
    disc(GREY) +
    '<circle cx="12" cy="12" r="6.5" fill="#fff"/>' +
    line(DARK, 'M12 8.500V12l2.5 2', 1.8),
  '⏸': box(BLUE) + line('#fff', 'M9.5 8v8M14.5 8v8', 2.8),
  '▶': box(BLUE) + shape('#fff', 'M9 7l8 5-8 5z'),
  '⏹': box(BLUE) + shape('#fff', 'M8 8h8v8H8z'),
  '⏭': box(BLUE) + shape('#fff', 'M6 7l6 5-6 5zM12 7l5 5-5 5z'),
  '🔒': line(GREY, 'M8 11V7.500a4 4 0 0 1 8 0V11') + LOCK,
  '🔓': line(GREY, 'M8 11V6a4 4 0 0 1 7.5-1.5') + LOCK,
  '🔑':
    '<circle cx="8" cy="8" r="4.5" fill="none" stroke="' +
    YELLOW +
    '" stroke-width="3"/>' +
    line(YELLOW, 'M11.5 11.500L20 20M16.5 16.500l3-2', 3),
  '🛡': shape(BLUE, SHIELD) + line('#fff', 'M8.5 12l2.5 2.5 5-5.5'),
  '⚡': shape(YELLOW, 'M13.5 1.500L4 14h6.500L9 22.5 20 9h-7z'),
  '🔥': shape(
    ORANGE,
    'M12 2c1 4 6 6 6 12a6 6 0 0 1-12 0c0-3 2-4 2.5-7 2 1 2.5 2 2.5 3.500C12 8 12.5 5 12 2z',
  ),
  '💧': shape(BLUE, 'M12 2c4 5 7 8 7 12.500a7 7 0 0 1-14 0C5 10 8 7 12 2z'),
  '💰':
    shape(
      YELLOW,
      'M9 3h6l-1.5 4C18 8.5 20 12.5 20 16c0 3.5-2.5 5.5-8 5.500S4 19.5 4 16c0-3.5 2-7.5 6.5-9z',
    ) + line(DARK, 'M12 11v7M14 12.500c-3-1.5-4.5 1-2 2s.5 3.5-2 2', 1.5),
  '💵': shape(GREEN, 'M2 6h20v12H2z') + '<circle cx="12" cy="12" r="3.5" fill="#d7f0e0"/>',
  '👁':
    shape('#cfd8df', 'M1.5 12C4.5 7 8 5 12 5s7.5 2 10.5 7c-3 5-6.5 7-10.5 7S4.5 17 1.5 12z') +
    '<circle cx="12" cy="12" r="4" fill="' +
    BLUE +
    '"/>',
  '🎯':
    disc(RED) +
    '<circle cx="12" cy="12" r="6" fill="#fff"/><circle cx="12" cy="12" r="3" fill="' +
    RED +
    '"/>',
  '📌': shape(RED, 'M9 2h6l-1 7 4 4H6l4-4z') + line(GREY, 'M12 13v8', 2),
  '📎': line(
    GREY,
    'M17 8l-7 7a2 2 0 0 0 3 3l7-8a4.5 4.5 0 0 0-6.5-6L6 11.500A6 6 0 0 0 14.5 20',
    1.8,
  ),
  '🖼':
    box('#c98a4b') +
    '<rect x="6" y="6" width="12" height="12" fill="#cfe8ff"/>' +
    shape(GREEN, 'M6 18l4-6 3 3 2-2 3 5z'),
  '📋':
    shape('#c98a4b', 'M4 4h16v18H4z') +
    shape('#fff', 'M7 7h10v12H7z') +
    line(GREY, 'M9 11h6M9 14.500h6', 1.5),
  '📝': box('#eef2f5') + line(GREY, 'M7 8h10M7 12h7M7 16h5', 1.6),
  '📅': box('#eef2f5') + shape(RED, 'M3 3h18v5H3z') + line(GREY, 'M7.5 12h9M7.5 16h9', 1.6),
  '🔁': box(BLUE) + line('#fff', 'M7 10a4 4 0 0 1 4-3h6l-2-2M17 14a4 4 0 0 1-4 3H7l2 2', 1.8),
  '🔄': box(BLUE) + line('#fff', 'M7 10a4 4 0 0 1 4-3h6l-2-2M17 14a4 4 0 0 1-4 3H7l2 2', 1.8),
  '⚙':
    '<circle cx="12" cy="12" r="6" fill="none" stroke="' +
    GREY +
    '" stroke-width="4.5" stroke-dasharray="3.2 1.5"/><circle cx="12" cy="12" r="4.5" fill="none" stroke="' +
    GREY +
    '" stroke-width="2"/>',
  '🔍':
    '<circle cx="10" cy="10" r="6" fill="#cfe8ff" stroke="' +
    DARK +
    '" stroke-width="2"/>' +
    line(DARK, 'M15 15l6 6', 3),
  '🤖':
    box(GREY) +
    '<circle cx="9" cy="11" r="2" fill="#fff"/><circle cx="15" cy="11" r="2" fill="#fff"/>' +
    line('#fff', 'M9 16.500h6', 1.8),
  '🧪': shape('#cfe8ff', 'M9 2h6v12a3 3 0 0 1-6 0z') + shape(GREEN, 'M9 10h6v4a3 3 0 0 1-6 0z'),
  '🌙': shape(YELLOW, 'M20 14.500A8.5 8.5 0 0 1 9.5 3.500a9 9 0 1 0 10.5 11z'),
  '☀': disc(YELLOW),
  '⭐': shape(YELLOW, 'M12 2l3 6.5 7 .8-5 5 1.3 7L12 18l-6.3 3.300L7 14.300l-5-5 7-.800z'),
  '👍': shape(YELLOW, 'M2 11h4v10H2zM8 11l4-9c2.5 0 3 2 2 6h6c2 0 2 3 1 6s-2 7-5 7H8z'),
  '👎': shape(YELLOW, 'M2 3h4v10H2zM8 13l4 9c2.5 0 3-2 2-6h6c2 0 2-3 1-6s-2-7-5-7H8z'),
};

const EMOJI_PATTERN = new RegExp('(' + Object.keys(EMOJI).join('|') + ')\uFE0F?', 'gu');
const drawEmoji = !hasEmojiFont();

/** Text as nodes, with drawn emoji where the machine has none. */
function rich(/** @type {string} */ text) {
  if (!drawEmoji) return text;
  const fragment = document.createDocumentFragment();
  let at = 0;
  for (const match of text.matchAll(EMOJI_PATTERN)) {
    fragment.append(text.slice(at, match.index));
    const node = element('span', 'emoji', match[0]);
    node.style.backgroundImage =
      'url("data:image/svg+xml,' +
      encodeURIComponent(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">' + EMOJI[match[1]] + '</svg>',
      ) +
      '")';
    fragment.append(node);
    at = match.index + match[0].length;
  }
  fragment.append(text.slice(at));
  return fragment;
}
