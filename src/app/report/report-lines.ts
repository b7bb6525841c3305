import { restingStops, signedUsd } from '../../alerts/phrase.ts';
import { neg, ratioOf, usdFromNumber, usdText } from '../../domain/money/money.ts';
import { distance, markOf, stopsOf, type Position } from '../../domain/position.ts';
import { formatDuration } from '../../domain/time.ts';
import { countText, numberText, percentText } from '../../domain/words/words.ts';
import type { AccountSnapshot } from '../ports/account-store.ts';
import { wallTime } from '../telling/zone.ts';
import { equityNow, graveOf, type Report } from './read-report.ts';

const UNKNOWN = 'cannot be read';
/** So many of the alerts that mattered are named. */
const NAMED = 5;
/** A limit from here on is named. */
const MUCH_PERCENT = 50;

/** The report in lines, plain text: what there is, what came of it, what is at stake, and how well it was watched. */
export function reportLines(report: Report): readonly string[] {
  return [
    equityLine(report),
    ...resultLines(report),
    ...positionLines(report),
    ...limitLines(report),
    ...alertLines(report),
    ...signalLines(report),
    ...healthLines(report),
  ];
}

/** "2025-11-28 08:00 to 2025-11-29 08:00, Europe/Berlin". */
export function spanText({ from, to, zone }: Report): string {
  const [begin, end] = [wallTime(from, zone), wallTime(to, zone)];
  const short = ({ date, clock }: typeof begin): string => `${date} ${clock.slice(0, 5)}`;
  return `${short(begin)} to ${short(end)}, ${zone}`;
}

function equityLine(report: Report): string {
  const now = equityNow(report);
  if (now === undefined) return `Equity: ${UNKNOWN} just now.`;
  const { equityBefore, moved } = report;
  const shown = `Equity ${usdText(usdFromNumber(now))}`;
  if (equityBefore === undefined) return `${shown}; what it was before is not recorded.`;
  const change = now - equityBefore;
  if (change === 0 && moved === 0) return `${shown}, unchanged.`;
  const changed = `${shown}, ${signedUsd(usdFromNumber(change))}`;
  if (moved === undefined) return `${changed}, deposits and withdrawals included.`;
  if (moved === 0) return `${changed}.`;
  const way = moved > 0 ? 'paid in' : 'taken out';
  return `${changed}: ${usdText(usdFromNumber(Math.abs(moved)))} ${way}, ${signedUsd(usdFromNumber(change - moved))} by trading.`;
}

function resultLines({ result }: Report): readonly string[] {
  if (typeof result === 'string') return [`Result: ${UNKNOWN}: ${result}.`];
  const { closed, won, gross, fees, funding, net, closedUnknown, costsUnknown } = result.totals;
  const missing = closedUnknown + costsUnknown;
  return [
    `Result ${signedUsd(net)}: price ${signedUsd(gross)}, fees ${signedUsd(neg(fees))}, funding ${signedUsd(funding)}.`,
    closed === 0 ? 'Nothing was closed.' : `${won} of ${closed} closed with a gain.`,
    ...(missing === 0
      ? []
      : [
          `Without all costs of ${countText(missing, 'position')}: the exchange does not say them.`,
        ]),
  ];
}

function positionLines({ status }: Report): readonly string[] {
  if (status.account.kind === 'unavailable') return [`Open positions: ${UNKNOWN} just now.`];
  const snapshot = status.account.value;
  if (snapshot.positions.length === 0) return ['Nothing is open.'];
  return ['Open:', ...snapshot.positions.map((each) => `• ${positionLine(each, snapshot)}`)];
}

function positionLine(position: Position, { protections }: AccountSnapshot): string {
  const mark = markOf(position);
  const [first] = stopsOf(position, protections).parts;
  const away =
    mark === undefined || first === undefined
      ? ''
      : `, ${percentText(ratioOf(distance(mark, first.price), mark, 'down'))} away`;
  const { symbol, side, qty, unrealisedPnl } = position;
  return `${symbol} ${side} ${numberText(qty)}, ${signedUsd(unrealisedPnl)} open; ${restingStops(position, protections)}${away}.`;
}

function limitLines({ status }: Report): readonly string[] {
  const much = status.limits.filter(({ usedPercent = 0 }) => usedPercent >= MUCH_PERCENT);
  if (status.limits.length === 0) return [`Limits: ${UNKNOWN} just now.`];
  if (much.length === 0) return [`No limit is used by half.`];
  return much.map(
    ({ label, text, usedPercent = 0 }) =>
      `${usedPercent >= 100 ? 'Limit reached' : 'Limit in use'}: ${label}, ${text}.`,
  );
}

function alertLines({ alerts }: Report): readonly string[] {
  if (typeof alerts === 'string') return [`Alerts: ${UNKNOWN}: ${alerts}.`];
  if (alerts.length === 0) return ['No alert in this time.'];
  const grave = graveOf(alerts);
  const named = grave.slice(0, NAMED).map(({ number, title }) => `• #${number} ${title}`);
  const more = grave.length > NAMED ? [`• and ${grave.length - NAMED} more: /alerts`] : [];
  return [
    `${countText(alerts.length, 'alert')}, ${grave.length} of them about money that was lost or in danger.`,
    ...named,
    ...more,
  ];
}

function signalLines({ proposals, followed }: Report): readonly string[] {
  if (typeof proposals === 'string') return [`Signals: ${UNKNOWN}: ${proposals}.`];
  const taken = proposals.filter(({ status }) => status === 'done').length;
  const shown =
    proposals.length === 0
      ? 'No signal was pushed.'
      : `${countText(proposals.length, 'signal')} pushed, ${taken} taken.`;
  const results =
    typeof followed === 'string' ? [] : followed.flatMap(({ result }) => result ?? []);
  const sum = results.reduce((total, { pnl, risk }) => total + (risk > 0 ? pnl / risk : 0), 0);
  return results.length === 0
    ? [shown]
    : [
        `${shown} Of those that I follow, taken or not, ${results.length} ended: ${sum > 0 ? '+' : ''}${sum.toFixed(1)} R together.`,
      ];
}

function healthLines({ status }: Report): readonly string[] {
  const day =
    status.account.kind === 'unavailable' ? undefined : status.account.value.unprotectedDay;
  const naked =
    day === undefined || day.ms === 0
      ? 'Today no position was without a full stop.'
      : `Today a position was without a full stop for ${formatDuration(day.ms)}.`;
  const feeds =
    typeof status.feeds === 'string'
      ? []
      : status.feeds.filter(({ state }) => state !== 'live' && state !== 'idle');
  const trading =
    typeof status.mode === 'string'
      ? `Trading: ${status.mode}.`
      : status.mode.mode === 'normal'
        ? 'Trading is possible.'
        : status.mode.mode === 'halted'
          ? 'Trading is halted.'
          : 'New trades are paused.';
  const heard =
    feeds.length === 0
      ? 'All that I watch by delivers.'
      : `Not well: ${feeds.map(({ feed }) => feed).join(', ')}.`;
  return [naked, `${trading} ${heard}`];
}
