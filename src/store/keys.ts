/** Names of everything that Vigil keeps in Redis for one account. */
export function storeKeys(account: string) {
  const of = (name: string): string => `vigil:${account}:${name}`;
  return {
    mode: of('mode'),
    modeJournal: of('mode:journal'),
    limits: of('limits'),
    limitsJournal: of('limits:journal'),
    limitsChanged: of('limits:changed'),
    snapshot: of('account:snapshot'),
    riskState: of('account:risk'),
    equity: of('account:equity'),
    failedReads: of('account:failed-reads'),
    priceTimes: of('account:price-times'),
    committed: of('account:committed'),
    proposal: (id: string): string => of(`proposal:${id}`),
    proposalNonces: of('proposal:nonces'),
    proposals: of('proposals'),
    scan: of('scan'),
    candles: (symbol: string, interval: string): string => of(`candles:${interval}:${symbol}`),
    candleTimes: (interval: string): string => of(`candles:${interval}:newest`),
    backtest: (id: string): string => of(`backtest:${id}`),
    ledgerOpen: of('ledger:open'),
    ledgerFinished: of('ledger:finished'),
    ledgerEnds: of('ledger:ends'),
    alertNumber: of('alert:number'),
    alerts: of('alert:findings'),
    alertKeys: of('alert:keys'),
    alertMessages: of('alert:messages'),
    alertTries: of('alert:tries'),
    outbox: of('alert:outbox'),
    revisions: of('alert:revisions'),
    alertNews: of('alert:news'),
    claim: (number: number): string => of(`alert:claim:${number}`),
    owner: of('owner'),
    pairing: of('owner:pairing'),
    pairingTries: of('owner:pairing-tries'),
    lease: (role: string): string => of(`lease:${role}`),
    queues: of('bull'),
    conversations: of('chat'),
  };
}

export type StoreKeys = ReturnType<typeof storeKeys>;
