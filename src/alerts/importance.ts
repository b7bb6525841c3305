import { ALERT_KINDS, rankOf, type AlertKind, type Finding } from '../domain/alert.ts';

/** Within one rank: what endangers money first, news last. */
const KIND_ORDER: Record<AlertKind, number> = {
  unprotected: 0,
  halt: 1,
  'order-unknown': 2,
  'connection-lost': 3,
  'stop-hit': 4,
  'position-closed': 5,
  'feeds-disagree': 6,
  'limit-warning': 7,
  'target-hit': 8,
  'position-opened': 9,
  signal: 10,
  'connection-back': 11,
  stranger: 12,
  notice: 13,
};

/** Number of kinds, so that what is at stake always outweighs kind. */
const KINDS = ALERT_KINDS.length;

const rank = (finding: Finding): number => rankOf(finding) * KINDS + KIND_ORDER[finding.kind];

/** Most important first; equal ones by time, then by key, so that the order never depends on chance. */
export const byImportance = (findings: readonly Finding[]): Finding[] =>
  findings.toSorted(
    (a, b) => rank(a) - rank(b) || a.at - b.at || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0),
  );
