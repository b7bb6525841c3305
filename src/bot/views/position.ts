import type { FormattedString } from '@grammyjs/parse-mode';
import type { PositionAnswer, PositionDetail } from '../../app/views/read-position.ts';
import type { Reading } from '../../app/reading/reading.ts';
import { neg, usdText } from '../../domain/money/money.ts';
import type { Position } from '../../domain/position.ts';
import { listText } from '../../domain/words/words.ts';
import { formatDuration, formatIso, formatUtc } from '../../domain/time.ts';
import { linesOf, bold, plain } from './fit.ts';
import { footer, type Scene } from './footer.ts';
import { pageOf } from '../../domain/words/pages.ts';
import { percentText, signedUsd, type Digits } from './money.ts';
import { onePosition } from './positions.ts';

type Heat = PositionDetail['heat'];

/** What no stop covers ends so. */
const UNCOVERED: Record<NonNullable<Heat['uncovered']>, string> = {
  liquidation: 'what is lost at liquidation',
  margin: 'its whole margin',
  notional: 'its whole value, as it is cross',
  account: 'all that is in the account, as it is cross',
};

function heatLine({ loss, further, basis, uncovered }: Heat): string {
  if (loss === undefined || further === undefined) {
    return '  What you can lose on it is unknown: its price, size, margin or your equity could not be read; no new trade until it is known';
  }
  const figures = `${usdText(loss)} against entry, ${usdText(further)} from now`;
  if (uncovered === undefined) return `  If the stop fills you lose ${figures}`;
  const end = UNCOVERED[uncovered];
  return basis === 'stop for a part'
    ? `  If the stop fills you lose ${figures}; it covers a part only, the rest can lose ${end}`
    : `  You can lose ${figures}: ${end}, because no stop protects it`;
}

const ASSUMED =
  '  The realised figure may be off by fees and funding: the exchange does not say whether its figure already includes them';

interface Asked {
  readonly text: string;
  readonly reading: Reading<PositionAnswer>;
  /** Of the positions to choose from. */
  readonly page?: number | undefined;
}

/** /position SYM: everything about one position. */
export function positionView(asked: Asked, digits: Digits, scene: Scene): FormattedString {
  return linesOf([...body(asked, { digits, scene }), footer(scene, asked.reading)]);
}

function body(
  { text, reading, page }: Asked,
  to: { readonly digits: Digits; readonly scene: Scene },
): readonly (FormattedString | string)[] {
  if (reading.kind === 'unavailable') {
    return ['Your positions are unavailable right now; nothing is shown rather than a guess.'];
  }
  const { found, open } = reading.value;
  if (found.length > 0) return found.map((each) => detail(each, to));
  const asked =
    text === '' ? 'Which one? Tap it, or write: /position BTC.' : notFound(text.slice(0, 30));
  return [
    bold('Position'),
    asked,
    open.length === 0 ? 'No position is open at all.' : openText(open, page),
  ];
}

/** What is open by name; where that is many, which of them the buttons on that page name. */
export function openText(open: readonly Position[], page?: number): string {
  const { shown, pages, count } = pageOf(open, page);
  return pages === 1
    ? `Open: ${listText(shown.map(({ symbol, side }) => `${symbol} ${side}`))}.`
    : `The buttons name ${count} that are open.`;
}

const notFound = (text: string): string => `No position is open in "${text}".`;

function detail(
  { view, heat, liquidationAway, excursion, follows, asksAt }: PositionDetail,
  { digits, scene }: { readonly digits: Digits; readonly scene: Scene },
): FormattedString {
  const { position } = view;
  return linesOf([
    onePosition(view, digits),
    `  Liquidation is ${liquidationAway === undefined ? 'at no known price' : `${percentText(liquidationAway)} away from the price now`}`,
    heatLine(heat),
    ...(follows === undefined
      ? []
      : [`  Its stop follows the price, ${percentText(follows)} away; /trail with off ends it`]),
    ...(asksAt === undefined ? [] : [`  I ask you at ${formatUtc(asksAt)} whether to keep it`]),
    position.costsUnknown === true
      ? plain('  Realised: unknown, the exchange does not say what it has cost')
      : `  Realised: ${signedUsd(position.realisedGross)}, fees ${signedUsd(neg(position.fees))}, funding ${signedUsd(position.funding)}`,
    ...(position.basisAssumed === true ? [plain(ASSUMED)] : []),
    excursion === undefined
      ? plain('  Worst and best so far: not measured yet')
      : `  Worst and best open P&L: ${signedUsd(excursion.worst)} and ${signedUsd(excursion.best)}, watched for ${formatDuration(scene.now - excursion.since)}`,
    `  Open since ${formatUtc(position.openedAt)} (${formatDuration(scene.now - position.openedAt)}; ${formatIso(position.openedAt)})`,
  ]);
}
