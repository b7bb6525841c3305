/** How the second way to the owner is written: "ntfy+https://HOST/TOPIC" or "webhook+https://HOST/PATH". */
export interface SecondChannel {
  readonly kind: 'ntfy' | 'webhook';
  readonly url: string;
  readonly host: string;
}

const FORM = /^(ntfy|webhook)\+((https?):\/\/(?:[^/@\s]+@)?(\[[^\]\s]+\]|[^/:\s]+)(?::\d+)?\/\S*)$/;
const LOCAL = new Set(['localhost', '127.0.0.1', '[::1]']);

/** A text: what is wrong with it, without anything of the address, which may hold a secret. */
export function readSecondChannel(setting: string): SecondChannel | string {
  const [, kind, url = '', protocol, host = ''] = FORM.exec(setting.trim()) ?? [];
  if (kind !== 'ntfy' && kind !== 'webhook')
    return 'must look like ntfy+https://HOST/TOPIC or webhook+https://HOST/PATH: the way, "+", and the address';
  if (protocol === 'http' && !LOCAL.has(host))
    return 'must begin with "https://" behind the "+": only an address of this machine may do without';
  return { kind, url, host };
}
