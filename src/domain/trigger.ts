/** What holds trading: how it is lifted, in one sentence for the owner. Only a person ever loosens the mode. */
const LIFTED: Readonly<Record<string, string>> = {
  'daily-loss': 'You, with /resume, once a new day has begun or the loss is under its limit.',
  drawdown:
    'You, with /resume, once equity has recovered, or by setting the high-water mark to the equity of that moment.',
  'loss-streak': 'You, with /resume, after the pause.',
  'balance-floor': 'You, with /resume, once a new day has begun or equity is above the floor.',
  'account-unread': 'You, with /resume, once the account can be read again.',
  'failed-reads': 'You, with /resume, once the account can be read again.',
  'prices-old': 'You, with /resume, once prices arrive again.',
  volatility: 'You, with /resume, once Bitcoin has calmed down.',
  'margin-ratio': 'You, with /resume, once less margin is in use.',
  panic: 'You, with /resume, at any time; a closing that is not finished ends with it.',
  'money-taken': 'You, with /resume, once your account at the exchange is safe again.',
};

/** Who may lift a halt or hold of that trigger, and when. */
export const howLifted = (trigger: string): string =>
  LIFTED[trigger] ?? 'You, with /resume, at any time.';
