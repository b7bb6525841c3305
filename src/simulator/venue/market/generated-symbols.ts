import { pricePrecision, type InstrumentSeed } from './instrument.ts';
import { gaussian, mixSeed, seededRandom, textSeed } from '../random.ts';

/** Well-known contracts with a plausible price, by falling turnover; the generator starts every path near it. */
const LISTED = `
BTC:108500 ETH:3920 SOL:191 XRP:2.45 DOGE:0.196 BNB:1105 1000PEPE:0.00703 SUI:2.48 ADA:0.652 LINK:17.9 AVAX:19.6 LTC:94.2 HYPE:38.4
1000SHIB:0.01012 ENA:0.472 AAVE:229 UNI:6.34 NEAR:2.21 APT:3.24 ARB:0.312 OP:0.446 DOT:3.02 TRX:0.322 BCH:481 TON:2.19 WIF:0.521
1000BONK:0.0146 1000FLOKI:0.0721 WLD:0.874 TIA:1.02 SEI:0.196 INJ:8.71 FIL:1.57 ETC:15.9 ATOM:3.19 HBAR:0.171 XLM:0.313 TAO:382
RENDER:2.51 FET:0.267 ONDO:0.732 JUP:0.349 LDO:0.891 CRV:0.547 POL:0.196 MANA:0.231 SAND:0.207 AXS:1.34 GALA:0.0104 IMX:0.518
GMT:0.0291 APE:0.402 CHZ:0.0326 ENJ:0.0481 FLOW:0.283 THETA:0.524 ICP:3.04 VET:0.0171 ALGO:0.181 EGLD:9.62 XTZ:0.601 EOS:0.281
NEO:4.61 QTUM:1.74 ZEC:248 DASH:44.6 XMR:316 KAVA:0.148 RUNE:0.927 GRT:0.0628 SNX:1.12 COMP:34.2 MKR:1486 SUSHI:0.521 YFI:4820
1INCH:0.179 BAL:0.871 ZRX:0.188 BAT:0.152 CAKE:2.61 DYDX:0.321 GMX:10.4 PENDLE:3.12 RPL:4.41 SSV:6.32 EIGEN:1.09 ETHFI:0.932 REZ:0.0088
STRK:0.114 ZK:0.0341 MANTA:0.118 METIS:9.31 BLUR:0.0512 MAGIC:0.131 PIXEL:0.0163 PORTAL:0.0241 XAI:0.0281 ACE:0.291 YGG:0.131
ALICE:0.271 TLM:0.00341 SLP:0.00121 ILV:9.82 GODS:0.0821 BIGTIME:0.0341 PRIME:0.912 RONIN:0.441 BEAM:0.00512 NOT:0.00104 DOGS:0.000061
HMSTR:0.000412 CATI:0.0712 MEW:0.00182 POPCAT:0.142 BRETT:0.0312 TURBO:0.00221 MOG:0.00000061 BOME:0.00121 MYRO:0.0131 PNUT:0.131 GOAT:0.0621
ACT:0.0261 MOODENG:0.0821 NEIRO:0.000221 CHILLGUY:0.0341 FARTCOIN:0.371 AI16Z:0.0812 VIRTUAL:0.921 AIXBT:0.0621 GRIFFAIN:0.0261 ARC:0.0312
ZEREBRO:0.0121 SWARMS:0.0161 COOKIE:0.0881 KAITO:1.12 TRUMP:5.92 MELANIA:0.0921 PENGU:0.0212 ANIME:0.0091 BERA:1.82 LAYER:0.231
INIT:0.161 WCT:0.141 SIGN:0.0412 HAEDAL:0.0721 SXT:0.0612 NXPC:0.481 SOPH:0.0181 RESOLV:0.0912 HOME:0.0231 SPK:0.0421 NEWT:0.131 SAHARA:0.0721
H:0.0821 ERA:0.381 PROVE:0.721 TOWNS:0.0141 WLFI:0.141 LINEA:0.0141 OPEN:0.341 AVNT:0.521 ZKC:0.231 BARD:0.521 ASTER:1.09 XPL:0.391 STBL:0.0881
FF:0.141 EDEN:0.121 MIRA:0.281 2Z:0.201 YB:0.412 MET:0.481 ENSO:1.21 RIVER:4.12 ARKM:0.321 AR:4.12 STORJ:0.171 ANKR:0.0101 LPT:5.12
AKT:0.712 GLM:0.192 IOTX:0.0151 JASMY:0.0101 HOT:0.000721 ROSE:0.0191 CELO:0.251 ONE:0.00712 ZIL:0.00812 ICX:0.0912 ONT:0.0921
IOST:0.00241 SKL:0.0171 CTSI:0.0512 COTI:0.0341 CELR:0.00591 DUSK:0.0451 MTL:0.471 LRC:0.0712 MINA:0.101 KSM:11.4 ASTR:0.0171
GLMR:0.0481 MOVR:4.21 KDA:0.131 FLUX:0.141 ENS:15.2 MASK:0.921 LUNA2:0.121 1000LUNC:0.0431 USTC:0.00921 STX:0.431 ORDI:5.12 1000SATS:0.0000241
1000RATS:0.0161 BSV:21.4 CFX:0.101 KAS:0.0521 CORE:0.241 TWT:1.21 C98:0.0341 SFP:0.381 HOOK:0.0612 HIGH:0.341 EDU:0.121 ID:0.101
MAV:0.0341 CYBER:1.01 ARKHAM:0.331 W:0.0712 ZRO:1.71 ALT:0.0201 DYM:0.121 SAGA:0.101 OMNI:2.11 TNSR:0.0721 AEVO:0.0712 IO:0.281
LISTA:0.281 BANANA:16.2 G:0.00812 RARE:0.0412 SYN:0.0721 SUN:0.0231 JST:0.0361 BTT:0.00000051 WIN:0.0000361 NFP:0.0521
AGLD:0.481 AMB:0.00121 PHB:0.421 VANRY:0.0181 VOXEL:0.0412 DAR:0.0312 LOKA:0.0621 PYR:0.741 SUPER:0.421 UMA:0.921 API3:0.621 BAND:0.481
TRB:31.2 NMR:13.1 OCEAN:0.271 AGI:0.0341 CTXC:0.0121 RLC:0.921 POWR:0.121 REQ:0.121 STEEM:0.101 HIVE:0.131 WAXP:0.0141 ARPA:0.0171
RSR:0.00521 RVN:0.0101 SC:0.00212 DGB:0.00712 XVG:0.00521 XEM:0.00212 LSK:0.281 ARK:0.341 STRAX:0.0361 DENT:0.000512 PEOPLE:0.0131 DEGEN:0.00212
TOSHI:0.000612 KEKIUS:0.0161 CHEEMS:0.0000011 1000CAT:0.00512 1000X:0.0341 1MBABYDOGE:0.00101 1000000MOG:0.512 1000000BOB:0.0481`;

const EQUITIES = 'QQQ:612 SPY:672 TSLA:438 NVDA:182 AAPL:262 COIN:342';

/** Contracts whose state makes trading them through the API impossible. */
const SPECIAL: ReadonlyMap<string, InstrumentSeed['status']> = new Map([
  ['AMBUSDT', 'CANCEL_ONLY'],
  ['EOSUSDT', 'CANCEL_ONLY'],
  ['RIVERUSDT', 'PREVIEW'],
  ['MKRUSDT', 'STOP'],
]);

const DAY_VOLUMES: readonly number[] = [
  2.4e10, 1.9e10, 6.1e9, 2.8e9, 1.9e9, 1.5e9, 9.2e8, 8.1e8, 7.2e8, 6.3e8,
];

function pairs(list: string): Array<{ coin: string; price: number }> {
  return list
    .trim()
    .split(/\s+/)
    .map((entry) => {
      const [coin = '', price = '1'] = entry.split(':');
      return { coin, price: Number(price) };
    });
}

/** Turnover falls with the rank and is about 12 M USDT in the middle of the list; a few are thin. */
function dayVolume(rank: number, random: () => number): number {
  const named = DAY_VOLUMES[rank];
  if (named !== undefined) return named;
  return (6e9 / (rank + 1) ** 1.12) * Math.exp(0.5 * gaussian(random));
}

function seedOf(coin: string, price: number, rank: number): InstrumentSeed {
  const symbol = `${coin}USDT`;
  const random = seededRandom(mixSeed(textSeed(symbol), 17));
  const status = SPECIAL.get(symbol);
  const basis = random() < 0.5 ? 0 : Math.round(gaussian(random) * 20) / 1e5;
  const hours = random();
  return {
    symbol,
    price,
    dayVolume: dayVolume(rank, random),
    quotePrecision: pricePrecision(price),
    basis: coin === 'BTC' || coin === 'ETH' ? 0 : basis,
    fundingHours: rank < 60 ? 8 : hours < 0.01 ? 1 : hours < 0.6 ? 4 : 8,
    ...(status === undefined ? {} : { status }),
  };
}

/** Contracts with made-up names, for whoever wants more than there are known ones. */
const madeUp = (count: number): Array<{ coin: string; price: number }> =>
  Array.from({ length: Math.max(0, count) }, (_, at) => ({ coin: `NEW${at + 1}`, price: 1 }));

/**
 * The contracts of the generated market, by falling turnover; equities and the like come last and are not for the API. Undefined:
 * as many as have a known name.
 */
export function generatedSeeds(wanted?: number): InstrumentSeed[] {
  const seen = new Set<string>();
  const known = pairs(LISTED).filter(({ coin }) => !seen.has(coin) && seen.add(coin));
  const coins = [...known, ...madeUp((wanted ?? 0) - known.length)];
  const crypto = coins
    .slice(0, wanted ?? known.length)
    .map(({ coin, price }, rank) => seedOf(coin, price, rank));
  const equities = pairs(EQUITIES).map(({ coin, price }) => ({
    ...seedOf(coin, price, 120),
    isApiSupported: false,
  }));
  return wanted !== undefined && wanted < 40 ? crypto : [...crypto, ...equities];
}
