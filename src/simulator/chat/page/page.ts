import type { User } from '../message.ts';
import { AVATAR, BODY } from './markup.ts';
import { SCRIPT_COMPOSER } from './script-composer.ts';
import { SCRIPT_CORE } from './script-core.ts';
import { SCRIPT_EMOJI } from './script-emoji.ts';
import { SCRIPT_EVENTS } from './script-events.ts';
import { SCRIPT_MARKET } from './script-market.ts';
import { SCRIPT_MESSAGES } from './script-messages.ts';
import { SCRIPT_TEXT } from './script-text.ts';
import { STYLE_FRAME } from './style-frame.ts';
import { STYLE_MESSAGES } from './style-messages.ts';
import { STYLE_PANELS } from './style-panels.ts';

const SCRIPTS = [
  SCRIPT_CORE,
  SCRIPT_EMOJI,
  SCRIPT_TEXT,
  SCRIPT_MESSAGES,
  SCRIPT_COMPOSER,
  SCRIPT_MARKET,
  SCRIPT_EVENTS,
];

/** The phone as one document that asks for nothing but this server. */
export function page(bot: User): string {
  const name = escapeHtml(bot.first_name);
  const icon = `data:image/svg+xml,${encodeURIComponent(AVATAR)}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">
<title>${name}</title>
<link rel="icon" href="${icon}">
<style>
${STYLE_FRAME}
${STYLE_MESSAGES}
${STYLE_PANELS}
</style>
</head>
${BODY.replaceAll('{{name}}', name)}
<script>
(() => {
'use strict';
${SCRIPTS.join('\n')}
})();
</script>
</html>
`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
