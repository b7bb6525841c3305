import { setTimeout } from 'node:timers/promises';
import { askBacktest } from '../../app/ask-backtest.ts';
import type { BacktestDesk, BacktestState } from '../../app/evidence-ports.ts';
import { reply, rewrite } from '../reply.ts';
import { backtestView } from '../views/backtest.ts';
import { linesOf } from '../views/fit.ts';
import { sceneOf } from '../views/footer.ts';
import type { Command, CommandCall } from './command.ts';
import { sendPicture } from './send-picture.ts';

/** Between two looks at the job: Telegram allows about one edit a second. */
const LOOK_MS = 1_000;
const LONGEST_MS = 10 * 60_000;

export const backtest: Command = {
  name: 'backtest',
  description: 'what the strategy would have done: /backtest quick',
  access: 'owner',
  takes: 'any',
  when: 'any-time',
  handle: async (call) => {
    const { ctx, services, words } = call;
    const { ports } = services;
    const answer = await askBacktest(ports, words);
    if (answer.kind === 'refused' || ports.backtests === undefined) {
      await reply(ctx, linesOf(answer.kind === 'refused' ? answer.lines : []));
      return;
    }
    const { preset } = answer;
    const messageId = await reply(ctx, backtestView(preset, undefined, sceneOf(ports)));
    // Not awaited: other commands are answered meanwhile.
    follow(call, ports.backtests, { ...answer, messageId }).catch((error: unknown) => {
      services.log.warn('the message of a backtest was not kept up to date', {
        error: services.safe(error),
      });
    });
  },
};

interface Watched {
  readonly id: string;
  readonly preset: string;
  readonly messageId: number;
}

/** Edits the message whenever there is news, and sends the picture at the end. */
async function follow(
  call: CommandCall,
  desk: Pick<BacktestDesk, 'read'>,
  { id, preset, messageId }: Watched,
): Promise<void> {
  const { ctx, services } = call;
  const show = async (state: BacktestState): Promise<void> =>
    rewrite(ctx, { messageId, text: backtestView(preset, state, sceneOf(services.ports)) });
  let shown = '';
  for (let waited = 0; waited < LONGEST_MS; waited += LOOK_MS) {
    await setTimeout(LOOK_MS);
    const state = await desk.read(id).catch(() => undefined);
    if (state === undefined || JSON.stringify(state) === shown) continue;
    shown = JSON.stringify(state);
    await show(state);
    if (state.kind === 'failed') return;
    if (state.kind === 'done') {
      await drawEquity(call, state);
      return;
    }
  }
  const minutes = LONGEST_MS / 60_000;
  await show({ kind: 'failed', reason: `no result came within ${minutes} minutes. Ask again.` });
}

async function drawEquity(
  call: CommandCall,
  { title, equity, halts }: Extract<BacktestState, { kind: 'done' }>,
): Promise<void> {
  const draw = call.services.pictures.backtest;
  if (draw === undefined || equity.length < 2) return;
  await sendPicture(call, 'backtest', () => draw(equity, { title, halts }));
}
