import { request } from 'undici';
import { z } from 'zod';

/** Wall time after which a command counts as not answered, on the slowest machine. */
const ANSWER_MS = 60_000;

const messagesSchema = z.object({
  messages: z.array(
    z.looseObject({ from: z.string(), seq: z.number(), text: z.string().optional() }),
  ),
});

/** The user whom the chat emulator knows at the start. */
export const DEMO_USER = 1001;

/** Sends every command once as the demo's user and waits for each answer. Returns the commands that were not answered. */
export async function answerEveryCommand(
  chatUrl: string,
  pairingCode: string | undefined,
  commands: readonly string[],
): Promise<readonly string[]> {
  const unanswered: string[] = [];
  const first = pairingCode === undefined ? [] : [`/start ${pairingCode}`];
  for (const text of [...first, ...commands.map((each) => `/${each}`)]) {
    const before = await newest(chatUrl);
    await send(chatUrl, text);
    if (!(await answered(chatUrl, before))) unanswered.push(text.split(' ')[0] ?? text);
  }
  return unanswered;
}

async function send(chatUrl: string, text: string): Promise<void> {
  const { body } = await request(`${chatUrl}/user/send`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ chat: DEMO_USER, from: DEMO_USER, text }),
  });
  await body.dump();
}

async function messages(chatUrl: string, after: number) {
  const { body } = await request(`${chatUrl}/user/messages?chat=${DEMO_USER}&after=${after}`);
  return messagesSchema.parse(await body.json()).messages;
}

async function newest(chatUrl: string): Promise<number> {
  return Math.max(0, ...(await messages(chatUrl, 0)).map((each) => each.seq));
}

async function answered(chatUrl: string, after: number): Promise<boolean> {
  const start = performance.now();
  while (performance.now() - start < ANSWER_MS) {
    const fresh = await messages(chatUrl, after);
    if (fresh.some((each) => each.from === 'bot')) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}
