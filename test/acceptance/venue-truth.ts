/** What the venue itself says, past its API. */

export interface TruthPosition {
  readonly symbol: string;
  readonly direction: string;
  readonly qty: string;
}

export interface TruthOrder {
  readonly clientId: string | null;
  readonly symbol: string;
  readonly reduceOnly: boolean;
  readonly status: string;
}

export interface TruthAccount {
  readonly wallet: string;
  readonly equity: string;
  readonly available: string;
  readonly margin: string;
  readonly unrealizedPnl: string;
  readonly positions: readonly TruthPosition[];
  readonly orders: readonly TruthOrder[];
  readonly orderHistory: readonly TruthOrder[];
  readonly tpsl: readonly unknown[];
  readonly closedPositions: readonly unknown[];
}

export interface Truth {
  readonly now: number;
  readonly speed: number;
  readonly account: TruthAccount;
  /** Faults that are armed. */
  readonly faults: readonly unknown[];
}

/** The whole truth about the demo's account. */
export async function truthOf(controlUrl: string): Promise<Truth> {
  const response = await fetch(`${controlUrl}/sim/state`);
  return (await response.json()) as Truth;
}

/** A call of the venue's control API. */
export async function control(controlUrl: string, path: string, body: object): Promise<void> {
  const response = await fetch(`${controlUrl}/sim/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
  await response.body?.cancel();
}

/** "10,026.10": a figure of the venue as the chat writes it, rounded half-even to cents. */
export function shown(value: string): string {
  const [whole = '0', fraction = ''] = value.replace('-', '').split('.');
  const digits = BigInt(`${whole}${fraction.padEnd(8, '0').slice(0, 8)}`);
  const unit = 1_000_000n;
  const rest = digits % unit;
  const floor = digits / unit;
  const up = rest * 2n > unit || (rest * 2n === unit && floor % 2n === 1n);
  const cents = (up ? floor + 1n : floor).toString().padStart(3, '0');
  const sign = value.startsWith('-') && /[1-9]/.test(cents) ? '-' : '';
  const thousands = cents.slice(0, -2).replaceAll(/\B(?=(\d{3})+$)/g, ',');
  return `${sign}${thousands}.${cents.slice(-2)}`;
}

/** The lines of /balance that must stand there for this account. */
export function balanceLines(account: TruthAccount): readonly string[] {
  const profit = shown(account.unrealizedPnl);
  const sign = /^[0-9]/.test(profit) && /[1-9]/.test(profit) ? '+' : '';
  return [
    `Equity: ${shown(account.equity)} USDT`,
    `Wallet: ${shown(account.wallet)} USDT (without open profit and loss)`,
    `Free: ${shown(account.available)} USDT`,
    `In positions: ${shown(account.margin)} USDT`,
    `Open P&L: ${sign}${profit} USDT`,
  ];
}
