/**
 * Words that say "stop" by themselves, in the languages that people shout in. Written as they are spelt; they are compared without case,
 * accents and signs. Tightening is all that any of them does, so one too many costs a /resume and one too few may cost money.
 */
const STOP_WORDS = [
  // English
  'stop halt pause abort cease freeze stopp emergencystop stoptrading halttrading',
  // German, Dutch, Scandinavian
  'stoppe stoppen anhalten aufhören notaus notstopp nothalt ophouden stanna stoppa seis pysäytä',
  // Spanish, Portuguese
  'alto pare pares paren parar para parad detener detente detén deténganse deténgase detenerse parada',
  // French, Italian, Romanian
  'arrêt arrête arrêtez arrêter halte stoppez stopper cesse cessez ferma fermo fermi fermati fermate fermare arresta arresto basta oprește opriți opreste',
  // Slavic
  'стоп стой стойте остановись остановитесь остановить останови остановите хватит прекрати прекратить пауза стій зупини зупинись зупинити спри stój zatrzymaj przestań wstrzymaj stůj zastav zastavit stani zaustavi',
  // Turkish, Greek, Hungarian, Indonesian, Vietnamese
  'dur durdur durdurun στοπ σταμάτα σταματήστε állj berhenti hentikan dừng ngừng',
  // Arabic, Persian, Hebrew, Hindi, Thai
  'قف توقف أوقف إيقاف ایست עצור תעצור עצרי עצירה रुको रुकें रोको रोकें स्टॉप หยุด',
  // Chinese, Japanese, Korean: no spaces, so what is said around the word belongs to it
  '停 停止 停下 停下来 停手 停止交易 停止交易吧 请停止 請停止 马上停止 立即停止 立刻停止 全部停止 暂停 暫停 暂停交易 暫停交易 中止 ストップ 停止して 止めて 止めろ 止まれ とめて やめて やめろ 取引停止 정지 중지 중단 멈춰 멈춰라 스톱 스탑 그만',
] as const;

/** What may stand beside such a word without changing what it says. */
const BESIDE = [
  'trading trade trades now please pls plz all everything it the bot vigil immediately at once right away everywhere emergency',
  'bitte sofort jetzt alles handel den handeln nu allt alles meteen',
  'ya ahora todo todos por favor el la inmediatamente tudo agora já o negociação operaciones',
  'tout maintenant vite svp s il vous te plaît le de immédiatement tutto subito ora adesso per favore acum tot',
  'торговлю торговля торговать сейчас немедленно пожалуйста всё все бот срочно зараз негайно wszystko teraz proszę natychmiast hned obchodování',
  'şimdi hemen lütfen her şeyi τώρα όλα lại sekarang',
] as const;

/** One spelling for all: full-width and ornamental letters made plain, no case, accents, invisible signs; "STOOOP" is "stop". */
function plainly(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/[\u0300-\u036f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu, '')
    .normalize('NFC')
    .replaceAll(/(\p{L})\1{2,}/gu, '$1');
}

const setOf = (lists: readonly string[]): ReadonlySet<string> =>
  new Set(lists.flatMap((each) => plainly(each).split(' ')));

const STOPS = setOf(STOP_WORDS);
const FILLERS = setOf(BESIDE);

/** Longer than anybody shouts. */
const LONGEST = 60;

/**
 * Whether a message is nothing but a word for stopping ("STOP!!", "stop trading", "s t o p", "стоп 🛑", "ｓｔｏｐ"). A sentence that
 * merely contains one is not, nor is one with a number or a name in it: "stop loss", "don't stop", "stop BTC 64000".
 */
export function meansStop(text: string): boolean {
  const said = text.trim();
  if (said.length > LONGEST) return false;
  const words = plainly(said).match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  if (words.length === 0) return said.includes('🛑');
  if (STOPS.has(words.join(''))) return true;
  return (
    words.some((each) => STOPS.has(each)) &&
    words.every((each) => STOPS.has(each) || FILLERS.has(each))
  );
}
