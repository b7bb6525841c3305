import { InlineKeyboard } from 'grammy';
import { setTelling, SETTABLE, SETTABLE_KINDS, ZONES } from '../../app/telling/change-telling.ts';
import type { Voice } from '../../app/telling/voice.ts';
import { callbackData } from '../callback-data.ts';
import { answer, reply, rewrite } from '../reply.ts';
import { runButton, rowsOf } from './menu.ts';
import type { BotContext, Services } from '../services.ts';
import { readAlerts } from '../../app/telling/read-alerts.ts';
import { alertsView } from '../views/alerts.ts';
import { plain } from '../views/fit.ts';
import { sceneOf } from '../views/footer.ts';

type Settings = ReturnType<Voice['settings']>;

const button = (text: string, id: string) => InlineKeyboard.text(text, callbackData('k', id));

/** The first buttons under /alerts. */
export function alertsKeyboard({ pictures }: Settings): InlineKeyboard {
  const other = pictures === 'dark' ? 'light' : 'dark';
  return InlineKeyboard.from([
    [button('What rings', 'kinds'), button('Quiet hours', 'quiet')],
    [button('Time zone', 'zones'), button('Test the sound', 'sound')],
    [button(`Pictures: ${other}`, `menu-pictures_${other}`), runButton('All alerts', 'why')],
  ]);
}

const BACK = [button('Back', 'menu')];
const MARK = { on: '🔔', silent: '🔕', off: '⛔' } as const;
const NEXT = { on: 'silent', silent: 'off', off: 'on' } as const;
const HOURS = ['21-6', '22-6', '22-7', '23-7', '23-8', '0-8'] as const;

/** One button for each zone that is offered; on the page `at`. */
export function zoneKeyboard(at = 'zones'): InlineKeyboard {
  const cityOf = (zone: string): string => zone.split('/').at(-1)?.replaceAll('_', ' ') ?? zone;
  const buttons = ZONES.map((zone, index) => button(cityOf(zone), `${at}-${index}`));
  return InlineKeyboard.from(rowsOf(buttons, 2));
}

/** One button for each span of quiet hours that is offered; on the page `at`. */
export const quietKeyboard = (at = 'quiet'): InlineKeyboard =>
  InlineKeyboard.from([
    ...rowsOf(
      HOURS.map((hours) => button(hours, `${at}-quiet_${hours}`)),
      3,
    ),
    [button('None', `${at}-quiet_off`)],
  ]);

const ASK_QUIET =
  'Question 2 of 3: at which hours shall only what costs money ring? The rest waits until they are over.';
const SOUND =
  '🔔 This is a test alert. Did it make a sound on your phone? What endangers money comes as this does.';
const HEARD: Readonly<Record<string, string>> = {
  yes: 'Good: so you hear what matters. I am on watch.',
  no: 'Then you would miss what endangers money. In Telegram: open this chat, tap its name, Notifications: on, with a sound. On the phone: its settings, Notifications, Telegram: allowed, also while it is silent. Then try it again: /alerts, Test the sound.',
};

/** A message as loud as an alert, with the question whether it was heard. */
async function testSound(ctx: BotContext): Promise<void> {
  const keyboard = InlineKeyboard.from([
    [button('It made a sound', 'sound-yes'), button('It was silent', 'sound-no')],
  ]);
  await reply(ctx, plain(SOUND), keyboard);
}

/** A tap on one of the pages that are asked once, when the owner is paired. */
async function firstRun(
  ports: Services['ports'],
  ctx: BotContext,
  { page, rest }: { readonly page: string; readonly rest: string | undefined },
): Promise<void> {
  const messageId = ctx.callbackQuery?.message?.message_id;
  if (messageId === undefined) return;
  if (page === 'sound' && rest === undefined) {
    await testSound(ctx);
    return;
  }
  if (page === 'sound') {
    await rewrite(ctx, { messageId, text: plain(HEARD[rest ?? ''] ?? SOUND) });
    return;
  }
  if (page === 'firstzone') {
    await setTelling(ports, wordsOf('zones', rest ?? ''));
    const keyboard = quietKeyboard('firstquiet');
    await rewrite(ctx, { messageId, text: plain(ASK_QUIET), keyboard });
    return;
  }
  if (page !== 'firstquiet') return;
  const { settings } = await setTelling(ports, wordsOf('quiet', rest ?? ''));
  const hours = settings.quiet === undefined ? 'none' : rest?.replace('quiet_', '');
  const text = `Your time zone is ${settings.zone}, quiet hours: ${hours}. /alerts changes both. Question 3 of 3 stands below.`;
  await rewrite(ctx, { messageId, text: plain(text) });
  await testSound(ctx);
}

const PAGES: Readonly<Record<string, (settings: Settings) => InlineKeyboard>> = {
  menu: alertsKeyboard,
  kinds: ({ kinds }) => {
    const buttons = SETTABLE_KINDS.map((kind) => {
      const wish = kinds[kind] ?? 'on';
      return button(`${MARK[wish]} ${SETTABLE[kind]}`, `kinds-${kind}_${NEXT[wish]}`);
    });
    return InlineKeyboard.from([...rowsOf(buttons, 2), BACK]);
  },
  quiet: () => quietKeyboard().row(...BACK),
  zones: () => zoneKeyboard().row(...BACK),
};

/** The words that a button stands for; its page is shown again afterwards. "_" is a space there. */
function wordsOf(page: string, rest: string): string {
  return page === 'zones' ? `zone ${ZONES[Number(rest)] ?? ''}` : rest.replace('_', ' ');
}

/** A tap under /alerts: another page of buttons, or a change. */
export async function turnAlertsPage(
  services: Services,
  ctx: BotContext,
  id: string,
): Promise<void> {
  const { ports, voice, wallNow } = services;
  const [, page = 'menu', rest] = /^([a-z]+)(?:-(.+))?$/.exec(id) ?? [];
  if (/^(sound|first)/.test(page)) {
    await answer(ctx);
    await firstRun(ports, ctx, { page, rest });
    await voice.refresh();
    return;
  }
  const { settings, refused } =
    rest === undefined
      ? { settings: await ports.telling.settings(), refused: undefined }
      : await setTelling(ports, wordsOf(page, rest));
  await voice.refresh();
  await answer(ctx, refused);
  const messageId = ctx.callbackQuery?.message?.message_id;
  const keyboard = PAGES[rest === undefined || page === 'kinds' ? page : 'menu'];
  if (messageId === undefined || keyboard === undefined) return;
  await rewrite(ctx, {
    messageId,
    text: alertsView({ settings, read: await readAlerts(ports) }, sceneOf(ports), wallNow()),
    keyboard: keyboard(settings),
  });
}
