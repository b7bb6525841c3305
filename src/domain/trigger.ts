/** What the owner does to resume, by what stopped trading. Only a person ever loosens the mode. */
const LIFTED: Readonly<Record<string, string>> = {
  'daily-loss': 'To resume, send /resume once a new day has begun or the loss is under its limit.',
  drawdown:
    'To resume, send /resume once equity has recovered; it also offers to measure the drawdown from then on.',
  'loss-streak': 'To resume, send /resume after the cool-off.',
  'balance-floor': 'To resume, send /resume once a new day has begun or equity is above the floor.',
  'account-unread': 'To resume, send /resume once the account can be read again.',
  'failed-reads': 'To resume, send /resume once the account can be read again.',
  'prices-old': 'To resume, send /resume once prices arrive again.',
  volatility: 'To resume, send /resume once Bitcoin has calmed down.',
  'margin-ratio': 'To resume, send /resume once less margin is in use.',
  panic: 'To resume, send /resume; a closing that is not finished then stops.',
  'money-taken': 'To resume, send /resume once your account at the exchange is safe again.',
};

/** What the owner does to resume after that trigger, as a sentence. */
export const howLifted = (trigger: string): string => LIFTED[trigger] ?? 'To resume, send /resume.';
