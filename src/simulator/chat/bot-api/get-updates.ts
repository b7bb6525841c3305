import { badRequest } from '../api-error.ts';
import type { Call } from './call.ts';

/** getUpdates: long polling. */
export async function getUpdates({ world, params, polling, signal }: Call): Promise<unknown> {
  allowKinds({ world, params });
  const updates = await polling.poll({
    offset: params.integer('offset', 0),
    limit: params.integer('limit', 100, { min: 1, max: 100 }),
    timeoutSeconds: params.integer('timeout', 0, { min: 0 }),
    signal,
  });
  return updates.map((update) => ({ update_id: update.id, [update.kind]: update.body }));
}

/** setWebhook: remembers the address, so that polling is refused as on Telegram; nothing is ever posted to it. */
export function setWebhook({ world, params, polling }: Call): unknown {
  const url = params.text('url');
  if (url !== '' && !url.startsWith('https://')) {
    throw badRequest('bad webhook: An HTTPS URL must be provided for webhook');
  }
  allowKinds({ world, params });
  if (params.boolean('drop_pending_updates')) world.updates.clear();
  polling.setWebhook(url);
  return true;
}

/** deleteWebhook. */
export function deleteWebhook({ world, params, polling }: Call): unknown {
  if (params.boolean('drop_pending_updates')) world.updates.clear();
  polling.setWebhook('');
  return true;
}

/** getWebhookInfo. */
export function getWebhookInfo({ world, polling }: Call): unknown {
  const allowed = world.updates.allowed;
  return {
    url: polling.webhookUrl,
    has_custom_certificate: false,
    pending_update_count: world.updates.pending,
    ...(allowed.length > 0 ? { allowed_updates: allowed } : {}),
  };
}

/** The last `allowed_updates` given stays in force until another is given, as on Telegram. */
function allowKinds({ world, params }: Pick<Call, 'world' | 'params'>): void {
  if (!params.has('allowed_updates')) return;
  const kinds = params.json('allowed_updates', "Can't parse allowed_updates JSON object") ?? [];
  if (Array.isArray(kinds)) world.updates.allow(kinds.filter((kind) => typeof kind === 'string'));
}
