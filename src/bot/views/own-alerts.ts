import type { FormattedString } from '@grammyjs/parse-mode';
import { ownConditionText } from '../../app/own-alerts/read-own-alert.ts';
import {
  ALERT_FORM,
  MOST_OWN_ALERTS,
  type OwnChange,
} from '../../app/own-alerts/read-own-alert.ts';
import type { OwnAlert } from '../../app/ports/own-alert-store.ts';
import { countText, numberText } from '../../domain/words/words.ts';
import { bold, linesOf } from './fit.ts';
import { footer, type Scene } from './footer.ts';

const rowOf = ({ id, symbol, condition, repeat, told, resting }: OwnAlert): string => {
  const often = told === 0 ? '' : `, told ${countText(told, 'time')}`;
  const rests = resting === true ? ', waits until the market has moved back' : '';
  return `${id}. ${symbol} ${ownConditionText(condition)}, ${repeat ? 'each time' : 'once'}${often}${rests}`;
};

/** /alert: what the owner has asked to be told of. `said`: what was changed just now. */
export function ownAlertsView(
  own: readonly OwnAlert[],
  scene: Scene,
  said: string | undefined,
): FormattedString {
  const rows = own.length === 0 ? ['You have set none.'] : own.map(rowOf);
  return linesOf([
    said,
    bold(`Your own alerts (${own.length} of ${MOST_OWN_ALERTS})`),
    ...rows,
    'Prices are watched as they are pushed, funding once a minute. They ring, also in your quiet hours, because you asked for them; /alerts makes them silent.',
    ALERT_FORM,
    footer(scene),
  ]);
}

/** What was done, in a sentence. */
export function ownChangeText(change: OwnChange): string {
  if ('refused' in change) return change.refused;
  if ('deleted' in change)
    return `Deleted: ${change.deleted.symbol} ${ownConditionText(change.deleted.condition)}.`;
  const { added, mark } = change;
  const now = mark === undefined ? '' : ` It is at ${numberText(mark)} now.`;
  return `I tell you${added.repeat ? ' each time' : ''}: ${added.symbol} ${ownConditionText(added.condition)}.${now}`;
}
