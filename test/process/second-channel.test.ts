/** The second channel against servers of this machine, and when something is said by it, by a clock of the test. */
import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../../src/config.ts';
import type { Alert } from '../../src/domain/alert.ts';
import { readSecondChannel } from '../../src/domain/process/second-channel.ts';
import { openChannel, type Word } from '../../src/process/second/channel.ts';
import { startFallback } from '../../src/process/second/fallback.ts';
import { finding, NOW } from '../bot/samples.ts';

interface Heard {
  readonly path: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

let closings: (() => void)[] = [];
afterEach(() => {
  for (const close of closings) close();
  closings = [];
});

async function listen(status = 200): Promise<{ readonly port: number; readonly heard: Heard[] }> {
  const heard: Heard[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      heard.push({ path: request.url, headers: request.headers, body });
      response.writeHead(status, { location: '/elsewhere' }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closings.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, heard };
}

function open(setting: string, figuresFor?: string) {
  const read = readSecondChannel(setting);
  if (typeof read === 'string') throw new Error(read);
  return openChannel(read, figuresFor);
}

const WORD: Word = { number: 128, kind: 'unprotected', text: 'A position lacks a stop.' };

describe('what goes out', () => {
  it('is a message with title and priority for a service in the manner of ntfy', async () => {
    const { port, heard } = await listen();
    await open(`ntfy+http://me:my%20word@127.0.0.1:${port}/my-topic`).say(WORD);
    expect(heard).toMatchObject([
      { path: '/my-topic', body: WORD.text, headers: { priority: '5' } },
    ]);
    expect(heard[0]?.headers['title']).toBe('Vigil: alert 128, unprotected');
    expect(heard[0]?.headers.authorization).toBe(
      `Basic ${Buffer.from('me:my word').toString('base64')}`,
    );
  });

  it('is JSON for any other', async () => {
    const { port, heard } = await listen();
    await open(`webhook+http://127.0.0.1:${port}/hook?key=1`).say(WORD);
    expect(heard[0]?.path).toBe('/hook?key=1');
    expect(JSON.parse(heard[0]?.body ?? '')).toEqual({ from: 'vigil', ...WORD });
  });

  it.each([301, 307, 500])(
    'is not taken, and goes nowhere else, where %s is answered',
    async (status) => {
      const { port, heard } = await listen(status);
      const channel = open(`webhook+http://127.0.0.1:${port}/hook`);
      await expect(channel.say(WORD)).rejects.toThrow(`it answers ${status}`);
      expect(heard).toHaveLength(1);
    },
  );
});

/** A mail server that takes everything and notes it. */
async function mailServer(
  refuses = false,
): Promise<{ readonly port: number; readonly lines: string[] }> {
  const lines: string[] = [];
  const answers: readonly (readonly [RegExp, string])[] = [
    [/^EHLO/, '250-here\r\n250 AUTH PLAIN'],
    [/^AUTH/, refuses ? '535 5.7.8 no such user me@here' : '235 ok'],
    [/^DATA/, '354 go on'],
    [/^QUIT/, '221 bye'],
  ];
  const server = createTcpServer((socket) => {
    let inData = false;
    socket.write('220 here\r\n');
    socket.on('data', (chunk) => {
      for (const line of String(chunk)
        .split('\r\n')
        .filter((each) => each !== '')) {
        lines.push(line);
        if (inData && line !== '.') continue;
        inData = line === 'DATA';
        socket.write(`${answers.find(([word]) => word.test(line))?.[1] ?? '250 ok'}\r\n`);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closings.push(() => void server.close());
  return { port: (server.address() as AddressInfo).port, lines };
}

describe('mail', () => {
  it('has number and kind as its subject and the words as its text', async () => {
    const { port, lines } = await mailServer();
    await open(`smtp://me%40here:my%20word@127.0.0.1:${port}/you@there.example`).say(WORD);
    const all = lines.join('\n');
    expect(all).toContain('MAIL FROM:<me@here>');
    expect(all).toContain('RCPT TO:<you@there.example>');
    expect(all).toContain('Subject: Vigil: alert 128, unprotected');
    expect(all).toContain(WORD.text);
    expect(all).toContain(Buffer.from('\0me@here\0my word').toString('base64'));
  });

  it('that is refused says so without a name or an address', async () => {
    const { port } = await mailServer(true);
    const said = open(`smtp://me%40here:x@127.0.0.1:${port}/you@there.example`).say(WORD);
    await expect(said).rejects.toThrow(/^the mail server did not take it$/);
  });

  it('goes by TLS to any other machine', () => {
    expect(readSecondChannel('smtps://me:x@mail.example/you@there.example')).toMatchObject({
      port: 465,
      tls: true,
    });
    expect(readSecondChannel('smtp://mail.example/you@there.example')).toMatchObject({
      port: 587,
      tls: false,
    });
  });
});

describe('the setting', () => {
  it.each([
    'https://ntfy.sh/x',
    'ntfy+ftp://a/b',
    'mail+https://a/b',
    'ntfy+http://ntfy.sh/x',
    'ntfy+https://host',
    '',
  ])('"%s" is refused without a word of the address', (setting) => {
    expect(readSecondChannel(setting)).toEqual(expect.stringMatching(/^must /));
    if (setting === '') return;
    const read = () => readConfig({ VIGIL_SECOND_CHANNEL: setting });
    expect(read).toThrow(ConfigError);
    expect(read).not.toThrow(setting);
  });

  it('names the way, the host and the address', () => {
    const { secondChannel } = readConfig({ VIGIL_SECOND_CHANNEL: 'ntfy+https://ntfy.sh/topic-7' });
    expect(secondChannel).toEqual({
      kind: 'ntfy',
      host: 'ntfy.sh',
      url: 'https://ntfy.sh/topic-7',
    });
  });
});

describe('an alert that endangers money', () => {
  function stage(figures = false) {
    const state = {
      now: 0,
      presentAt: undefined as number | undefined,
      rows: [] as Alert[],
      fails: false,
    };
    const said: Word[] = [];
    const fallback = startFallback({
      outbox: {
        pending: async () => state.rows.filter(({ status }) => status !== 'sent'),
        recent: async () => state.rows,
      },
      telling: { presentAt: async () => state.presentAt },
      channel: {
        host: 'a.host',
        figures,
        say: async (word) => {
          if (state.fails) throw new Error('it answers 500');
          said.push(word);
        },
      },
      log: { warn: () => undefined, info: () => undefined },
      venueNow: () => NOW + state.now,
      now: () => state.now,
    });
    closings.push(fallback.stop);
    const pass = async (seconds: number): Promise<void> => {
      state.now += seconds * 1_000;
      await fallback.look();
    };
    const raise = (number: number, over: Partial<Alert> = {}): void => {
      const found = finding(`k${number}`, { severity: 'critical', kind: 'unprotected' });
      const lines = ['Margin 1,627.20 USDT.'];
      state.rows.push({ ...found, lines, number, status: 'queued', attempts: 0, ...over });
    };
    const set = (number: number, over: Partial<Alert>): void => {
      state.rows = state.rows.map((each) => (each.number === number ? { ...each, ...over } : each));
    };
    return { state, said, pass, raise, set };
  }

  it('is said once when Telegram has not taken it for 60 s, without a figure, and once when Telegram is back', async () => {
    const { said, pass, raise, set } = stage();
    raise(1);
    raise(2, { severity: 'warning' });
    await pass(0);
    await pass(59);
    expect(said).toEqual([]);
    await pass(1);
    await pass(60);
    expect(said).toEqual([
      {
        number: 1,
        kind: 'unprotected',
        text: "A position lacks a stop. Look at the exchange's app; the details wait in the chat.\nTelegram has not taken it for a minute.",
      },
    ]);
    set(1, { status: 'sent' });
    await pass(5);
    await pass(5);
    expect(said.slice(1)).toEqual([
      {
        kind: 'back',
        text: 'Telegram takes messages again: 1 alert that you heard of here can be read in the chat now.',
      },
    ]);
  });

  it('is said when nobody has seen it for 10 min; not once the owner has shown that they are there', async () => {
    const { state, said, pass, raise } = stage();
    raise(1, { status: 'sent' });
    await pass(0);
    await pass(599);
    expect(said).toEqual([]);
    await pass(1);
    expect(said).toMatchObject([{ number: 1, text: expect.stringContaining('not seen it') }]);
    raise(2, { status: 'sent', at: NOW + state.now });
    await pass(0);
    state.presentAt = NOW + state.now + 1_000;
    await pass(700);
    expect(said).toHaveLength(1);
  });

  it('is tried again where the channel did not take it, and carries its words where the host may have them', async () => {
    const { state, said, pass, raise } = stage(true);
    raise(1);
    await pass(0);
    state.fails = true;
    await pass(60);
    state.fails = false;
    await pass(5);
    expect(said).toHaveLength(1);
    expect(said[0]?.text).toContain('Margin 1,627.20 USDT.');
  });

  it('is no news where it was old when it was first looked at, or is over', async () => {
    const { said, pass, raise } = stage();
    raise(1, { status: 'sent', at: NOW - 2 * 3_600_000 });
    raise(2, { status: 'sent', good: true });
    await pass(0);
    await pass(700);
    expect(said).toEqual([]);
  });
});
