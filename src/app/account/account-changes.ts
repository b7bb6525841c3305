import { rules } from '../../alerts/explain/with-basis.ts';
import { restingOrders, sentence } from '../../alerts/phrase.ts';
import { diffPositions } from '../../alerts/watch/diff-positions.ts';
import { watchLevels } from '../../alerts/watch/level-watch.ts';
import type { UnprotectedSince } from '../../alerts/watch/protection-watch.ts';
import type { Finding } from '../../domain/alert.ts';
import type { OwnAction } from '../../domain/own-action.ts';
import type { ClosedPosition } from '../../domain/position.ts';
import type { Proposal } from '../../domain/proposal.ts';
import { failedStops, type EndedStop } from './ended-stops.ts';
import { foreignChanges, lostStops } from './foreign-changes.ts';
import type { AccountSnapshot } from '../ports/account-store.ts';
import type { WalletLedger } from './wallet-ledger.ts';
import { watchedSoFar } from './watched-so-far.ts';

/** The last look at the account, the new one, and what Vigil did in between. */
export interface TwoLooks {
  readonly before: AccountSnapshot | undefined;
  readonly snapshot: AccountSnapshot;
  readonly closed: readonly ClosedPosition[];
  readonly proposals: readonly Proposal[];
  readonly actions: readonly OwnAction[];
  readonly endedStops: readonly EndedStop[];
  readonly protection: { readonly since: UnprotectedSince; readonly findings: readonly Finding[] };
  readonly ledger: WalletLedger;
  /** Venue milliseconds for one wall millisecond. */
  readonly speed: number;
}

/**
 * Compares the exchange with what Vigil believes: every difference is told, as Vigil's own doing or as somebody else's. `after` is
 * the new look with what is carried on from look to look.
 */
export function accountChanges(looks: TwoLooks): {
  readonly after: AccountSnapshot;
  readonly findings: readonly Finding[];
} {
  const { before, snapshot, actions, endedStops, protection, proposals, speed } = looks;
  const levels = watchLevels({
    ...snapshot,
    previous: before?.levels ?? new Map(),
    actions,
    now: snapshot.at,
  });
  const after: AccountSnapshot = {
    ...snapshot,
    unprotectedSince: protection.since,
    lostStops: lostStops(before, protection.since, endedStops),
    levels: levels.believed,
    ledger: looks.ledger,
    ...watchedSoFar(before, snapshot),
  };
  const found = [
    ...positionFindings(looks),
    ...protection.findings,
    ...failedStops(endedStops, snapshot),
    ...levels.findings,
    ...modeFindings(before, snapshot),
    ...coinFindings(before, snapshot),
  ];
  return { after, findings: foreignChanges(found, { before, after, proposals, actions, speed }) };
}

function positionFindings({ before, snapshot, closed, actions }: TwoLooks): readonly Finding[] {
  const changes = diffPositions({
    before: before?.positions,
    after: snapshot.positions,
    // At the very first look the history is old news.
    closed: before === undefined ? [] : closed,
    protections: before?.protections ?? [],
    protectionsNow: snapshot.protections,
    actions,
    now: snapshot.at,
  });
  return changes.map((each) => withProtection(each, snapshot));
}

/** Whoever hears of an opened position wants to know first whether its stop rests at the exchange. */
function withProtection(finding: Finding, snapshot: AccountSnapshot): Finding {
  const position = snapshot.positions.find((each) => each.id === finding.chart?.id);
  if (finding.kind !== 'position-opened' || position === undefined) return finding;
  const line = sentence(restingOrders(position, snapshot.protections));
  return { ...finding, lines: [line, ...finding.lines] };
}

function coinFindings(
  before: AccountSnapshot | undefined,
  { account, at }: AccountSnapshot,
): readonly Finding[] {
  const finding = rules.otherCoins(before?.account, account, at);
  return finding === undefined ? [] : [finding];
}

function modeFindings(
  before: AccountSnapshot | undefined,
  { account, at }: AccountSnapshot,
): readonly Finding[] {
  const [from, to] = [before?.account.positionMode, account.positionMode];
  const known = from !== undefined && from !== 'unknown' && to !== 'unknown';
  return known && from !== to ? [rules.positionModeChanged({ from, to }, at)] : [];
}
