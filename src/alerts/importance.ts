import { ALERT_KINDS, rankOf, type AlertKind, type Finding } from '../domain/alert.ts';

/** Within one rank: what endangers money first, news last. */
const KIND_ORDER: Record<AlertKind, number> = {
  'liquidation-near': 0,
  unprotected: 1,
  halt: 2,
  'order-unknown': 3,
  'connection-lost': 4,
  'stop-hit': 5,
  'position-closed': 6,
  'feeds-disagree': 7,
  'limit-warning': 8,
  'target-hit': 9,
  'position-opened': 10,
  signal: 11,
  'own-alert': 12,
  'connection-back': 13,
  stranger: 14,
  notice: 15,
};

/** Number of kinds, so that what is at stake always outweighs kind. */
const KINDS = ALERT_KINDS.length;

const rank = (finding: Finding): number => rankOf(finding) * KINDS + KIND_ORDER[finding.kind];

/** Most important first; equal ones by time, then by key, so that the order never depends on chance. */
export const byImportance = (findings: readonly Finding[]): Finding[] =>
  findings.toSorted(
    (a, b) => rank(a) - rank(b) || a.at - b.at || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0),
  );
