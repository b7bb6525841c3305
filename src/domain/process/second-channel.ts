/** The second way to the owner: a POST as ntfy takes it, a POST of JSON, or an e-mail. */
export type SecondChannel =
  | { readonly kind: 'ntfy' | 'webhook'; readonly url: string; readonly host: string }
  | {
      readonly kind: 'mail';
      readonly host: string;
      readonly port: number;
      /** TLS from the first byte; else it is begun before anything is said, but on this machine. */
      readonly tls: boolean;
      readonly user?: string;
      readonly password?: string;
      readonly to: string;
    };

const HOST = String.raw`(\[[^\]\s]+\]|[^/:@\s]+)`;
const POST = new RegExp(
  String.raw`^(ntfy|webhook)\+((https?)://(?:[^/@\s]+@)?${HOST}(?::\d+)?/\S*)$`,
);
const MAIL = new RegExp(
  String.raw`^(smtps?)://(?:([^:@/\s]+):([^@/\s]*)@)?${HOST}(?::(\d+))?/([^\s/]+@[^\s/]+)$`,
);
const LOCAL = new Set(['localhost', '127.0.0.1', '[::1]']);
const PORTS = { smtp: 587, smtps: 465 } as const;

/** Whether that host is this machine, from which nothing can be overheard. */
export const isThisMachine = (host: string): boolean => LOCAL.has(host);

const WANTED =
  'must look like ntfy+https://HOST/TOPIC, webhook+https://HOST/PATH or smtps://USER:PASSWORD@HOST/TO@EXAMPLE.ORG';
const PLAIN =
  'must begin with "https://" behind the "+": only an address of this machine may do without';

/** A text: what is wrong with it, without anything of the address, which may hold a secret. */
export function readSecondChannel(setting: string): SecondChannel | string {
  return readMail(setting.trim()) ?? readPost(setting.trim()) ?? WANTED;
}

function readPost(setting: string): SecondChannel | string | undefined {
  const [, kind, url = '', protocol, host = ''] = POST.exec(setting) ?? [];
  if (kind !== 'ntfy' && kind !== 'webhook') return undefined;
  return protocol === 'http' && !isThisMachine(host) ? PLAIN : { kind, url, host };
}

function readMail(setting: string): SecondChannel | undefined {
  const [, protocol, user, password, host = '', port, to = ''] = MAIL.exec(setting) ?? [];
  if (protocol !== 'smtp' && protocol !== 'smtps') return undefined;
  return {
    kind: 'mail',
    host,
    port: port === undefined ? PORTS[protocol] : Number(port),
    tls: protocol === 'smtps',
    to,
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
  };
}
