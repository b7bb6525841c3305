import { LOSS_STOPS, MARKET_STOPS } from '../../risk/limits/all.ts';

/** From when on what holds trading and is no limit lets the owner resume. */
const OTHERS: Readonly<Record<string, string>> = {
  'account-unread': 'once the account can be read again',
  'failed-reads': 'once the account can be read again',
  'prices-old': 'once prices arrive again',
  'money-taken': 'once your account at the exchange is safe again',
};

/** What /resume does or offers besides. */
const BESIDES: Readonly<Record<string, string>> = {
  drawdown: 'it also offers to measure the drawdown from then on',
  panic: 'a closing that is not finished then stops',
};

const whenLifted = (trigger: string): string | undefined =>
  [...LOSS_STOPS, ...MARKET_STOPS].find(({ id }) => id === trigger)?.liftedWhen ?? OTHERS[trigger];

/** What the owner does to resume after that condition, as a sentence. Only a person ever loosens the mode. */
export function howLifted(trigger: string): string {
  if (trigger === 'store-away') return 'That ends by itself when it is back.';
  const when = whenLifted(trigger);
  const besides = BESIDES[trigger];
  return `To resume, send /resume${when === undefined ? '' : ` ${when}`}${besides === undefined ? '' : `; ${besides}`}.`;
}

/** " Possible once prices arrive again.": the same for somebody who is resuming, after what stands in the way; "" where nothing is known. */
export function possibleWhen(trigger: string): string {
  const when = whenLifted(trigger);
  return when === undefined ? '' : ` Possible ${when}.`;
}
