/** A second way to the owner: a service that takes a POST, or e-mail. It gets few words and no figure of the account, unless its host may have them. */
import { createRequire } from 'node:module';
import { request } from 'undici';
import { isThisMachine, type SecondChannel } from '../../domain/process/second-channel.ts';

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
 * `figuresFor`: the one host that may see figures. What a service answers is not followed: a redirect would take the words to a host that
 * nobody named.
 */
export function openChannel(to: SecondChannel, figuresFor?: string): Channel {
  const { host } = to;
  const say = to.kind === 'mail' ? byMail(to) : byPost(to);
  return { host, figures: figuresFor === host, say };
}

function byPost({ kind, url }: Extract<SecondChannel, { url: string }>): Channel['say'] {
  const address = new URL(url);
  const { username, password } = address;
  address.username = '';
  address.password = '';
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const auth =
    username === '' ? {} : { authorization: `Basic ${Buffer.from(login).toString('base64')}` };
  return async (word) => {
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
  };
}

/** The part of the package that is used. */
interface Mailer {
  createTransport(options: object): {
    sendMail(mail: Readonly<Record<'from' | 'to' | 'subject' | 'text', string>>): Promise<unknown>;
    close(): void;
  };
}
const require = createRequire(import.meta.url);

/** A connection for each mail: there are few, and far between. */
function byMail(to: Extract<SecondChannel, { kind: 'mail' }>): Channel['say'] {
  const { host, port, tls, user, password = '' } = to;
  const login = user === undefined ? undefined : decodeURIComponent(user);
  const from = login?.includes('@') === true ? login : to.to;
  return async (word) => {
    // Most never need it, so that it is looked for when it is.
    const { createTransport } = require('nodemailer') as Mailer;
    const transport = createTransport({
      host: host.replaceAll(/[[\]]/g, ''),
      port,
      secure: tls,
      requireTLS: !isThisMachine(host),
      ignoreTLS: isThisMachine(host),
      ...(login === undefined ? {} : { auth: { user: login, pass: decodeURIComponent(password) } }),
      connectionTimeout: TIMEOUT_MS,
      greetingTimeout: TIMEOUT_MS,
      socketTimeout: TIMEOUT_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    try {
      await transport.sendMail({ from, to: to.to, subject: titleOf(word), text: word.text });
    } catch {
      // What the server says may repeat the address or the name that was logged in with.
      throw new Error('the mail server did not take it');
    } finally {
      transport.close();
    }
  };
}

const titleOf = ({ number, kind }: Word): string =>
  number === undefined ? 'Vigil' : `Vigil: alert ${number}, ${kind}`;

interface Post {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** @see https://docs.ntfy.sh/publish/ */
const asNtfy = (word: Word): Post => ({
  headers: {
    'content-type': 'text/plain; charset=utf-8',
    title: titleOf(word),
    priority: word.number === undefined ? '3' : '5',
    tags: word.number === undefined ? 'white_check_mark' : 'rotating_light',
  },
  body: word.text,
});

const asWebhook = (word: Word): Post => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ from: 'vigil', ...word }),
});
