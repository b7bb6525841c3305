import { InlineKeyboard } from 'grammy';
import { setTelling, SETTABLE, SETTABLE_KINDS, ZONES } from '../../app/telling/change-telling.ts';
import type { Voice } from '../../app/telling/voice.ts';
import { callbackData } from '../callback-data.ts';
import { answer, rewrite } from '../reply.ts';
import type { BotContext, Services } from '../services.ts';
import { readAlerts } from '../../app/telling/read-alerts.ts';
import { alertsView } from '../views/alerts.ts';
import { sceneOf } from '../views/footer.ts';

type Settings = ReturnType<Voice['settings']>;

const button = (text: string, id: string) => InlineKeyboard.text(text, callbackData('k', id));

/** The first row of buttons under /alerts. */
export const alertsKeyboard = (): InlineKeyboard =>
  InlineKeyboard.from([
    [button('What rings', 'kinds'), button('Quiet hours', 'quiet'), button('Time zone', 'zones')],
  ]);

const BACK = [button('Back', 'menu')];
const MARK = { on: '🔔', silent: '🔕', off: '⛔' } as const;
const NEXT = { on: 'silent', silent: 'off', off: 'on' } as const;
const HOURS = ['21-6', '22-6', '22-7', '23-7', '23-8', '0-8'] as const;

/** So many buttons stand side by side. */
function rowsOf<T>(each: readonly T[], width: number): T[][] {
  return Array.from({ length: Math.ceil(each.length / width) }, (_, row) =>
    each.slice(row * width, (row + 1) * width),
  );
}

/** One button for each zone that is offered. */
export function zoneKeyboard(): InlineKeyboard {
  const cityOf = (zone: string): string => zone.split('/').at(-1)?.replaceAll('_', ' ') ?? zone;
  const buttons = ZONES.map((zone, index) => button(cityOf(zone), `zones-${index}`));
  return InlineKeyboard.from(rowsOf(buttons, 2));
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
  quiet: () => {
    const buttons = HOURS.map((hours) => button(hours, `quiet-quiet_${hours}`));
    return InlineKeyboard.from([...rowsOf(buttons, 3), [button('None', 'quiet-quiet_off')], BACK]);
  },
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
