/** A second way to the owner: a service that takes a POST. It gets few words and no figure of the account, unless its host may have them. */
import { request } from 'undici';
import type { SecondChannel } from '../../domain/process/second-channel.ts';

/** What is said by it. */
export interface Word {
  /** Which alert, where it is about one. */
  readonly number?: number;
  /** "no stop", "liquidation near". */
  readonly kind: string;
  readonly text: string;
}

export interface Channel {
  /** Without what a secret may be in: for logs. */
  readonly host: string;
  /** Whether that host may see the account's figures. */
  readonly figures: boolean;
  /** Rejects with a short reason when it was not taken. */
  say(word: Word): Promise<void>;
}

const TIMEOUT_MS = 10_000;

/**
 * `figuresFor`: the one host that may see figures. What a service answers is not followed: a
 * redirect would take the words to a host that nobody named.
 */
export function openChannel({ kind, url, host }: SecondChannel, figuresFor?: string): Channel {
  const address = new URL(url);
  const { username, password } = address;
  address.username = '';
  address.password = '';
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const auth =
    username === '' ? {} : { authorization: `Basic ${Buffer.from(login).toString('base64')}` };
  return {
    host,
    figures: figuresFor === host,
    say: async (word) => {
      const { headers, body } = kind === 'ntfy' ? asNtfy(word) : asWebhook(word);
      const answer = await request(address, {
        method: 'POST',
        headers: { ...headers, ...auth },
        body,
        headersTimeout: TIMEOUT_MS,
        bodyTimeout: TIMEOUT_MS,
      });
      await answer.body.dump();
      if (answer.statusCode >= 300) throw new Error(`it answers ${answer.statusCode}`);
    },
  };
}

interface Post {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** @see https://docs.ntfy.sh/publish/ */
const asNtfy = ({ number, kind, text }: Word): Post => ({
  headers: {
    'content-type': 'text/plain; charset=utf-8',
    title: number === undefined ? 'Vigil' : `Vigil: alert ${number}, ${kind}`,
    priority: number === undefined ? '3' : '5',
    tags: number === undefined ? 'white_check_mark' : 'rotating_light',
  },
  body: text,
});

const asWebhook = (word: Word): Post => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ from: 'vigil', ...word }),
});
