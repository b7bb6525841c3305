import { NO_FENCE, type Fence } from './fence.ts';

/** What all names of an account begin with. */
export const prefixOf = (account: string): string => `vigil:${account}:`;

/** Names of everything that Vigil keeps in Redis for one account, and what the writes to them carry. */
export function storeKeys(account: string, fenceBy: Fence = NO_FENCE) {
  const of = (name: string): string => prefixOf(account) + name;
  return {
    schema: of('schema'),
    fenceBy,
    epoch: of('epoch'),
    mode: of('mode'),
    modeJournal: of('mode:journal'),
    policy: of('policy'),
    policyJournal: of('policy:journal'),
    limits: of('limits'),
    limitsJournal: of('limits:journal'),
    limitsChanged: of('limits:changed'),
    snapshot: of('account:snapshot'),
    riskState: of('account:risk'),
    equity: of('account:equity'),
    failedReads: of('account:failed-reads'),
    priceTimes: of('account:price-times'),
    committed: of('account:committed'),
    actions: of('acts'),
    feeds: of('feeds'),
    proposal: (id: string): string => of(`proposal:${id}`),
    proposalNonces: of('proposal:nonces'),
    proposals: of('proposals'),
    scan: of('scan'),
    places: of('strategy:places'),
    ownAlerts: of('own-alerts'),
    ownAlertsChanged: of('own-alerts:changed'),
    trails: of('position:trails'),
    timeStops: of('position:time-stops'),
    tradeNotes: of('trade:notes'),
    candles: (symbol: string, interval: string): string => of(`candles:${interval}:${symbol}`),
    candleTimes: (interval: string): string => of(`candles:${interval}:newest`),
    backtest: (id: string): string => of(`backtest:${id}`),
    pendingBacktests: of('backtests:owed'),
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
    alertStates: of('alert:states'),
    loudness: of('alert:loudness'),
    presence: of('owner:present'),
    lastReport: of('report:last'),
    /** Without a number: what they all begin with. */
    claim: (number: number | ''): string => of(`alert:claim:${number}`),
    owner: of('owner'),
    formerOwner: of('owner:former'),
    ownerReset: of('owner:reset'),
    pairing: of('owner:pairing'),
    pairingTries: of('owner:pairing-tries'),
    lease: (role: string): string => of(`lease:${role}`),
    fence: (role: string): string => of(`fence:${role}`),
    answered: of('answered'),
    lastWatch: of('watch:last'),
    permission: of('permission'),
    pulse: (name: string): string => of(`pulse:${name}`),
    queues: of('bull'),
  };
}

export type StoreKeys = ReturnType<typeof storeKeys>;
