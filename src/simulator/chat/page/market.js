/** The drawer that moves the simulated market. */
const market = $('market');
/** @type {ReturnType<typeof setInterval> | undefined} */
let marketTimer;

function marketNote(/** @type {string} */ text, /** @type {boolean} */ bad) {
  $('market-note').textContent = text;
  $('market-note').classList.toggle('bad', Boolean(bad));
}

function toggleMarket(/** @type {boolean} */ open) {
  market.hidden = !open;
  $('market-toggle').setAttribute('aria-expanded', String(open));
  clearInterval(marketTimer);
  if (!open) return;
  void readMarket();
  marketTimer = setInterval(readMarket, 2000);
}

function venueTime(/** @type {{ now?: number, speed?: number }} */ health) {
  if (typeof health.now !== 'number') return 'unavailable';
  const date = new Date(health.now);
  return (
    date.toLocaleString('en-GB', {
      day: '2-digit',
      month: 'short',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      timeZone: 'UTC',
    }) + ' UTC'
  );
}

async function readMarket() {
  if (document.hidden) return;
  try {
    const health = await ask('/user/market');
    $('market-time').textContent = venueTime(health);
    $('market-speed').textContent =
      typeof health.speed === 'number' ? '×' + health.speed : 'unavailable';
    if ($('market-note').dataset.health) marketNote('', false);
    delete $('market-note').dataset.health;
  } catch (error) {
    $('market-time').textContent = 'unavailable';
    $('market-speed').textContent = 'unavailable';
    marketNote(wordsOf(error), true);
    $('market-note').dataset.health = 'bad';
  }
}

async function actOnMarket(
  /** @type {HTMLButtonElement} */ button,
  /** @type {string} */ path,
  /** @type {unknown} */ body,
  /** @type {string} */ done,
) {
  button.disabled = true;
  try {
    await ask(path, body);
    marketNote(done, false);
  } catch (error) {
    marketNote(wordsOf(error), true);
  }
  button.disabled = false;
}

for (const button of market.querySelectorAll('button')) {
  if (button.dataset.percent === undefined) continue;
  button.addEventListener('click', () => {
    const percent = Number(button.dataset.percent);
    const words = (percent < 0 ? '−' : '+') + Math.abs(percent) + ' %';
    void actOnMarket(
      button,
      '/user/market/price',
      { symbol: '*', percent },
      'Every price moved by ' + words,
    );
  });
}

$('market-form').addEventListener('submit', (event) => {
  event.preventDefault();
  const form = new FormData($('market-form'));
  const symbol = String(form.get('symbol')).toUpperCase();
  const side = String(form.get('side'));
  const body = { symbol, side, notional: Number(form.get('notional')) };
  const [button] = $('market-form').getElementsByTagName('button');
  if (button)
    void actOnMarket(
      button,
      '/user/market/position',
      body,
      side.toLowerCase() + ' ' + symbol + ' opened by hand',
    );
});

$('market-toggle').addEventListener('click', () => toggleMarket(Boolean(market.hidden)));
$('market-close').addEventListener('click', () => {
  toggleMarket(false);
  $('market-toggle').focus();
});
market.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') $('market-close').click();
});

function offerMarket() {
  $('market-toggle').hidden = false;
  if (matchMedia('(min-width: 1000px)').matches) toggleMarket(true);
}
