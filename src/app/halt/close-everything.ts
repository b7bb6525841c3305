import type { Account } from '../../domain/account.ts';
import { StoreUnreadable } from '../../domain/failure.ts';
import { unseenFrozen, unseenMargin } from '../../domain/money/locked-money.ts';
import { add, type Usd } from '../../domain/money/money.ts';
import type { Order, WriteOutcome } from '../../domain/order.ts';
import type { Position } from '../../domain/position.ts';
import type { Proposal } from '../../domain/proposal.ts';
import {
  nextPanicStep,
  type CloseAttempt,
  type PanicAction,
  type PanicStep,
  type PanicTruth,
} from '../../risk/stop/panic.ts';
import type { Ports } from '../ports/ports.ts';
import type { Trading } from '../ports/trading.ts';
import type { FlattenRequest } from '../ports/work.ts';
import { messageOf, reasonOf } from '../reading/reading.ts';
import { settleAtOnce } from '../approval/settle-order.ts';
import { showClosing, tellEnded, tellLeft, type ToldRun } from './tell-closing.ts';

const PAUSE_MS = 250;
/** After this long without success the owner is told loudly; the job goes on afterwards. */
const DEADLINE_MS = 60_000;
/** Among so many an entry is looked for that was sent and not heard of. */
const LATEST_PROPOSALS = 50;

/** What one run remembers between its looks. Times are wall milliseconds since it began. */
interface Run extends ToldRun {
  readonly attempts: Map<string, CloseAttempt>;
  lastActionAt: number | undefined;
  flatSince: number | undefined;
  emptySince: number | undefined;
  readonly said: Map<string, string>;
}

/**
 * The verified close: halts, cancels entries, closes every position by its id, keeps stops until two looks apart say flat, and
 * looks again until nothing is left and no entry is on its way any more. One message is its live checklist. Returns `left` when the
 * deadline passed before, or when what the exchange says does not agree: running it again goes on from what the exchange shows then.
 * Ends where the owner has taken the word back that it acts on.
 */
export async function closeEverything(
  ports: Ports,
  trading: Trading,
  request: FlattenRequest,
): Promise<'done' | 'left'> {
  const run: Run = {
    attempts: new Map(),
    lastActionAt: undefined,
    flatSince: undefined,
    emptySince: undefined,
    found: await hasActed(ports, request),
    said: new Map(),
    shown: '',
  };
  const start = ports.clock.now();
  let step: PanicStep | undefined;
  for (let waited = 0; waited <= DEADLINE_MS; waited += PAUSE_MS) {
    const elapsed = (ports.clock.now() - start) / ports.clock.speed;
    if (elapsed > DEADLINE_MS) break;
    const ended = await whyEnded(ports, request);
    if (ended !== undefined) {
      await tellEnded(ports, request, ended);
      return 'done';
    }
    const now = Math.max(elapsed, waited);
    const truth = await look(ports, request, { run, now });
    step = nextPanicStep(truth);
    run.flatSince = step.flatSince;
    run.emptySince = step.emptySince;
    run.found ||= (truth.inFlight ?? []).length > 0;
    run.found ||= step.actions.some(({ kind }) => kind !== 'read' && kind !== 'latch');
    if (step.unconfirmed) break;
    await showClosing(ports, request, { run, step });
    if (step.done) return 'done';
    await act({ ports, trading, request, run, now }, step.actions);
    await ports.pause(PAUSE_MS);
  }
  if (step !== undefined) await tellLeft(ports, request, { run, step });
  return 'left';
}

/** Whether a run before this one has cancelled or closed something. What is not known counts as yes. */
const hasActed = ({ actions }: Pick<Ports, 'actions'>, { at }: FlattenRequest): Promise<boolean> =>
  actions.since(at).then(
    (known) => known.some(({ kind }) => kind === 'close' || kind === 'cancel-order'),
    () => true,
  );

/** The owner's later word, as a sentence: a resume, or another policy than the one that asked. A store that is away says nothing. */
async function whyEnded(
  { mode, policies }: Pick<Ports, 'policies' | 'mode'>,
  request: FlattenRequest,
): Promise<string | undefined> {
  const held = await mode.read().catch(() => undefined);
  if (held?.mode === 'normal' && held.since > request.at) return 'You have resumed trading since.';
  const stands = await stillStands(policies, request).catch(
    (error: unknown) => !(error instanceof StoreUnreadable),
  );
  return stands ? undefined : 'You have changed what you had signed.';
}

/** Whether what it acts on is still the owner's word: what was confirmed is, and the policy that is signed now. */
const stillStands = async (
  policies: Ports['policies'],
  { by, signedAt }: FlattenRequest,
): Promise<boolean> => by !== 'policy' || (await policies.read())?.signedAt === signedAt;

/** Whatever cannot be read is undefined: the step says so and goes on with the rest. */
async function look(
  ports: Ports,
  { only }: FlattenRequest,
  { run, now }: { readonly run: Run; readonly now: number },
): Promise<PanicTruth> {
  // Before the positions, so that one which arrives in between is seen as either.
  const inFlight = only === undefined ? await entriesInFlight(ports) : [];
  const [mode, orders, positions, protections, account] = await Promise.all([
    ports.mode.read().catch(() => undefined),
    ports.account.openOrders().catch(() => undefined),
    ports.account.positions().catch(() => undefined),
    ports.account.protections().catch(() => undefined),
    ports.account.account().catch(() => undefined),
  ]);
  const meant = (id: string): boolean => only === undefined || only.includes(id);
  return {
    mode: mode?.mode ?? 'normal',
    orders,
    positions: positions?.filter((each) => meant(each.id)),
    // Stops of positions that stay are no leftovers.
    protections: protections?.filter((each) => meant(each.positionId)),
    unseen: unseenIn(account, positions, orders),
    inFlight,
    readAt: now,
    attempts: run.attempts,
    lastActionAt: run.lastActionAt,
    flatSince: run.flatSince,
    emptySince: run.emptySince,
    now,
  };
}

/** Locked money that nothing in the lists accounts for; undefined while one of them, or the account, could not be read. */
function unseenIn(
  account: Account | undefined,
  positions: readonly Position[] | undefined,
  orders: readonly Order[] | undefined,
): Usd | undefined {
  if (account === undefined || positions === undefined || orders === undefined) return undefined;
  return add(unseenMargin(account, positions), unseenFrozen(account, orders));
}

/** Looks once for each entry whose outcome is not known, and names those of which it still is not. */
async function entriesInFlight(ports: Ports): Promise<readonly string[] | undefined> {
  try {
    const sent = (await ports.proposals.recent(LATEST_PROPOSALS)).filter(isSent);
    for (const proposal of sent) await settleAtOnce(ports, proposal);
    const left = await Promise.all(sent.map(({ id }) => ports.proposals.byId(id)));
    return left
      .filter((each) => each !== undefined)
      .filter(isSent)
      .map(({ signal }) => `${signal.symbol} ${signal.side}`);
  } catch {
    return undefined;
  }
}

const isSent = ({ status }: Proposal): boolean => status === 'executing' || status === 'unknown';

interface Call {
  readonly ports: Pick<Ports, 'clock' | 'mode' | 'log'>;
  readonly trading: Trading;
  readonly request: FlattenRequest;
  readonly run: Run;
  readonly now: number;
}

/** All at once: one that hangs or fails does not hold up the others. */
async function act(call: Call, actions: readonly PanicAction[]): Promise<void> {
  const done = actions.map((action) => actOne(call, action));
  await Promise.all(done);
}

async function actOne(call: Call, action: PanicAction): Promise<void> {
  const { ports, trading, run, now } = call;
  switch (action.kind) {
    case 'read':
      return;
    case 'latch':
      return latch(call);
    case 'cancel-order': {
      run.lastActionAt = now;
      const { symbol, orderId } = action;
      return note(run, `order ${symbol}`, () => trading.cancelOrders(symbol, [orderId]));
    }
    case 'close': {
      run.lastActionAt = now;
      const { positionId, symbol } = action.reduce;
      run.attempts.set(positionId, { count: action.attempt, lastAt: now });
      ports.log.info('closing a position', { positionId, symbol, attempt: action.attempt });
      return note(run, symbol, () => trading.closePosition(action.reduce));
    }
    case 'cancel-protection': {
      const { symbol, protectionId } = action;
      run.attempts.set(protectionId, { count: action.attempt, lastAt: now });
      return note(run, `stop ${symbol}`, () => trading.cancelProtection(symbol, protectionId));
    }
  }
}

/** A store that is away does not stop the closing; it is tried again at the next look. */
async function latch({ ports, request }: Call): Promise<void> {
  const evidence =
    request.by === 'policy'
      ? 'closing by the policy you signed'
      : `everything is being closed as you confirmed (user ${request.by})`;
  const reason = { trigger: 'panic', evidence, at: ports.clock.now() };
  await ports.mode
    .apply({ kind: 'tighten', to: 'halted', reason })
    .catch((error: unknown) => ports.log.warn('the halt is not stored', { why: messageOf(error) }));
}

async function note(run: Run, name: string, write: () => Promise<WriteOutcome>): Promise<void> {
  try {
    const outcome = await write();
    if (outcome.kind === 'accepted') run.said.delete(name);
    else run.said.set(name, outcome.reason);
  } catch (error) {
    run.said.set(name, reasonOf(error));
  }
}
