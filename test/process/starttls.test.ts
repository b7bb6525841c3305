/** Mail to another machine: begun in the clear, and nothing is said before TLS stands with somebody who is known. */
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { nodeArgs } from '../programs.ts';

/** An address of this machine that counts as another one. */
const HOST = '127.0.0.2';
const folder = mkdtempSync(join(tmpdir(), 'vigil-mail-'));
const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
const made = spawnSync('openssl', [
  'req',
  '-x509',
  '-newkey',
  'ec',
  '-pkeyopt',
  'ec_paramgen_curve:prime256v1',
  '-nodes',
  '-days',
  '2',
  '-subj',
  '/CN=mail',
  '-addext',
  `subjectAltName=IP:${HOST}`,
  '-keyout',
  key,
  '-out',
  cert,
]);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Heard {
  readonly clear: string[];
  readonly covered: string[];
}

/** A mail server that offers STARTTLS, or does not, and notes what it hears before and after. */
async function mailServer(
  offers: boolean,
): Promise<{ server: Server; port: number; heard: Heard }> {
  const heard: Heard = { clear: [], covered: [] };
  const talk = (socket: Socket, lines: string[], secure: boolean): void => {
    let inData = false;
    const hear = (chunk: Buffer): void => {
      for (const line of chunk.toString().split('\r\n').filter(Boolean)) {
        lines.push(line);
        if (inData && line !== '.') continue;
        inData = line === 'DATA';
        if (line === 'STARTTLS' && offers && !secure) {
          socket.removeListener('data', hear);
          socket.write('220 go on\r\n');
          const identity = { key: readFileSync(key), cert: readFileSync(cert) };
          const covered = new TLSSocket(socket, { isServer: true, ...identity });
          // Whoever does not trust it hangs up.
          covered.on('error', () => undefined);
          talk(covered, heard.covered, true);
          return;
        }
        const more = secure
          ? '250-here\r\n250 AUTH PLAIN'
          : `250-here\r\n250 ${offers ? 'STARTTLS' : 'HELP'}`;
        const answers = { EHLO: more, AUTH: '235 ok', DATA: '354 go on', QUIT: '221 bye' };
        const [word = ''] = line.split(' ', 1);
        socket.write(`${answers[word as keyof typeof answers] ?? '250 ok'}\r\n`);
      }
    };
    socket.on('data', hear);
    socket.on('error', () => undefined);
  };
  const server = createServer((socket) => {
    socket.write('220 here\r\n');
    talk(socket, heard.clear, false);
  });
  await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
  return { server, port: (server.address() as AddressInfo).port, heard };
}

async function say(offers: boolean, trusts: boolean): Promise<Heard & { readonly said: string }> {
  const { server, port, heard } = await mailServer(offers);
  const setting = `smtp://me%40here:my%20word@${HOST}:${port}/you@there.example`;
  try {
    const env = { ...process.env, ...(trusts ? { NODE_EXTRA_CA_CERTS: cert } : {}) };
    const args = [...nodeArgs('test/process/say-once.ts'), setting];
    const { stdout } = await promisify(execFile)(process.execPath, args, { env });
    return { ...heard, said: stdout.trim() };
  } finally {
    server.close();
  }
}

describe('mail that begins in the clear', () => {
  beforeEach((context) => {
    if (made.status !== 0) context.skip('no openssl on this machine to make a certificate');
    if (process.platform !== 'linux') context.skip('127.0.0.2 is an address here on Linux alone');
  });
  const SECRETS = [
    Buffer.from('\0me@here\0my word').toString('base64'),
    'A position lacks',
    'you@there',
  ];

  it('goes by TLS to a server whose certificate is trusted, name and words under cover', async () => {
    const { said, clear: open, covered } = await say(true, true);
    expect(said).toBe('taken');
    expect(open.map((each) => each.split(' ', 1)[0])).toEqual(['EHLO', 'STARTTLS']);
    for (const secret of SECRETS) expect(covered.join('\n')).toContain(secret);
  });

  it.each([
    ['whose certificate nobody vouches for', true, false],
    ['that offers no TLS', false, true],
  ])('says nothing to a server %s', async (_, offers, trusts) => {
    const heard = await say(offers, trusts);
    expect(heard.said).toBe('the mail server did not take it');
    const all = [...heard.clear, ...heard.covered].join('\n');
    expect(all).toContain('EHLO');
    for (const secret of SECRETS) expect(all).not.toContain(secret);
  });
});
