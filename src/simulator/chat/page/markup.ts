/** The bot's picture: an eye that keeps watch over a line. */
export const AVATAR = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48">
<defs><linearGradient id="g" x1="0" y1="0" x2="1" y2="1">
<stop offset="0" stop-color="#2f8fd8"/><stop offset="1" stop-color="#1d4f91"/></linearGradient></defs>
<circle cx="24" cy="24" r="24" fill="url(#g)"/>
<path d="M8 24c4.5-7.5 10-11 16-11s11.5 3.5 16 11c-4.5 7.5-10 11-16 11S12.5 31.5 8 24z" fill="#fff"/>
<circle cx="24" cy="24" r="7.5" fill="#1d4f91"/>
<path d="M18.5 26.500l3.3-3.6 2.7 2.3 4.8-5" fill="none" stroke="#7ee2b8" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/>
</svg>`;

/** A line icon of 24 by 24 units. */
function icon(path: string): string {
  return `<svg viewBox="0 0 24 24" aria-hidden="true" class="icon"><path d="${path}"/></svg>`;
}

const ICONS = {
  chart: icon('M7 3.5v3M7 15v4M4.8 6.5h4.4V15H4.8zM17 5v4M17 16v4.5M14.8 9h4.4v7h-4.4z'),
  theme: icon('M20 14.500A8 8 0 0 1 9.5 4a8 8 0 1 0 10.5 10.500z'),
  more: icon('M12 6h.01M12 12h.01M12 18h.01'),
  send: icon('M4 12l16-8-5 16-3.5-6.500z'),
  down: icon('M6 9l6 6 6-6'),
  close: icon('M6 6l12 12M18 6L6 18'),
};

const STATUS_BAR = `
<div class="status-bar" aria-hidden="true">
  <span id="status-time"></span>
  <span class="status-icons">
    <svg viewBox="0 0 18 12"><rect x="0" y="8" width="3" height="4" rx="1"/><rect x="5" y="5" width="3" height="7" rx="1"/><rect x="10" y="2.5" width="3" height="9.5" rx="1"/><rect x="15" y="0" width="3" height="12" rx="1"/></svg>
    <svg viewBox="0 0 26 12"><rect x=".5" y=".5" width="21" height="11" rx="3" fill="none" stroke="currentColor"/><rect x="2" y="2" width="16" height="8" rx="1.8"/><rect x="23" y="4" width="2" height="4" rx="1"/></svg>
  </span>
</div>`;

const HEADER = `
<header class="header">
  <div class="avatar">${AVATAR}</div>
  <div class="who">
    <h1>{{name}}</h1>
    <p id="state" data-testid="typing" data-state="bot" role="status">bot</p>
  </div>
  <button type="button" class="tool" id="market-toggle" aria-label="Market" aria-expanded="false" aria-controls="market" hidden>${ICONS.chart}</button>
  <button type="button" class="tool" id="theme-toggle" data-testid="theme" aria-label="Switch between light and dark">${ICONS.theme}</button>
  <button type="button" class="tool" id="more-toggle" aria-label="More" aria-haspopup="true" aria-expanded="false" aria-controls="more">${ICONS.more}</button>
</header>
<div class="more" id="more" hidden></div>`;

const BANNER = `
<button type="button" class="banner" id="banner" data-testid="banner" aria-live="polite" hidden>
  <span class="avatar">${AVATAR}</span>
  <span class="banner-words"><b id="banner-title"></b><span id="banner-text"></span></span>
  <span class="banner-time">now</span>
</button>`;

const COMPOSER = `
<div class="reply-bar" id="reply-bar" hidden>
  <span class="reply-line"><b>{{name}}</b><span id="reply-text"></span></span>
  <button type="button" class="tool" id="reply-cancel" aria-label="Cancel the reply">${ICONS.close}</button>
</div>
<form class="composer" id="composer-form">
  <button type="button" class="menu-button" id="menu-toggle" data-testid="menu-button" aria-label="Commands" aria-expanded="false" aria-controls="menu">/</button>
  <textarea id="composer" data-testid="composer" rows="1" maxlength="4096" placeholder="Message" aria-label="Message" autocomplete="off" enterkeyhint="send"></textarea>
  <button type="submit" class="send" data-testid="send" aria-label="Send" disabled>${ICONS.send}</button>
</form>
<button type="button" class="wide-action" id="unblock" data-testid="unblock" hidden>Unblock</button>
<div class="reply-keyboard" id="reply-keyboard" data-testid="reply-keyboard" hidden></div>`;

const MARKET = `
<aside class="market" id="market" data-testid="market-drawer" aria-label="Simulated market" hidden>
  <div class="market-head"><h2>Market</h2><button type="button" class="tool" id="market-close" aria-label="Close the market drawer">${ICONS.close}</button></div>
  <dl class="market-facts">
    <div><dt>Venue time</dt><dd id="market-time">…</dd></div>
    <div><dt>Speed</dt><dd id="market-speed">…</dd></div>
  </dl>
  <h3>Move every price</h3>
  <div class="market-moves">
    <button type="button" class="move down strong" data-percent="-10" data-testid="market-crash">Crash −10 %</button>
    <button type="button" class="move down" data-percent="-3">−3 %</button>
    <button type="button" class="move up" data-percent="3">+3 %</button>
  </div>
  <h3>Open a position by hand</h3>
  <form class="market-form" id="market-form">
    <label>Symbol<input name="symbol" value="BTCUSDT" required pattern="[A-Za-z0-9]{2,30}" autocapitalize="characters" spellcheck="false"></label>
    <label>Side<select name="side"><option value="LONG">Long</option><option value="SHORT">Short</option></select></label>
    <label>Notional, USDT<input name="notional" type="number" value="1000" min="1" step="any" required></label>
    <button type="submit" class="move neutral">Open</button>
  </form>
  <p class="market-note" id="market-note" role="status"></p>
</aside>`;

/** The body of the document; `{{name}}` stands for the bot's name. */
export const BODY = `<body>
<div class="stage">
<main class="phone" id="phone">
  ${STATUS_BAR}
  ${HEADER}
  ${BANNER}
  <div class="log-wrap">
    <div class="wallpaper" aria-hidden="true"></div>
    <section class="log" id="log" data-testid="log" role="log" aria-label="Messages" tabindex="0">
      <button type="button" class="earlier" id="earlier" hidden>Earlier messages</button>
      <div class="list" id="list"></div>
    </section>
    <div class="empty" id="empty" data-testid="empty" hidden>
      <div class="avatar big">${AVATAR}</div>
      <p><b>{{name}}</b></p>
      <p>No messages here yet.</p>
      <button type="button" class="start" id="start" data-testid="start">Start</button>
    </div>
    <button type="button" class="to-bottom" id="to-bottom" data-testid="to-bottom" aria-label="Scroll to the newest message" hidden>${ICONS.down}<span class="unread" id="unread" data-testid="unread" hidden></span></button>
    <div class="menu" id="menu" data-testid="menu" role="listbox" aria-label="Commands" hidden></div>
    <div class="toast" id="toast" data-testid="toast" role="status" hidden></div>
  </div>
  ${COMPOSER}
  ${MARKET}
</main>
</div>
<dialog class="alert" id="alert" data-testid="alert"><p id="alert-text"></p><form method="dialog"><button>OK</button></form></dialog>
<dialog class="viewer" id="viewer" data-testid="viewer" aria-label="Photo"><img id="viewer-image" alt="Photo"><p id="viewer-caption"></p><form method="dialog"><button aria-label="Close the photo">${ICONS.close}</button></form></dialog>
</body>`;
