import { LOSS_STOPS, MARKET_STOPS } from '../../risk/limits/all.ts';

/** What holds trading and is not a limit that says it itself. */
const OTHERS: Readonly<Record<string, string>> = {
  'account-unread': 'To resume, send /resume once the account can be read again.',
  'failed-reads': 'To resume, send /resume once the account can be read again.',
  'prices-old': 'To resume, send /resume once prices arrive again.',
  panic: 'To resume, send /resume; a closing that is not finished then stops.',
  'store-away': 'That ends by itself when it is back.',
  'money-taken': 'To resume, send /resume once your account at the exchange is safe again.',
};

/** What the owner does to resume after that condition, as a sentence. Only a person ever loosens the mode. */
export const howLifted = (trigger: string): string =>
  [...LOSS_STOPS, ...MARKET_STOPS].find(({ id }) => id === trigger)?.liftedBy ??
  OTHERS[trigger] ??
  'To resume, send /resume.';
