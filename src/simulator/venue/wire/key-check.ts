import type { Account } from '../engine/account.ts';
import type { Engine } from '../engine/engine.ts';
import type { ApiKey } from '../venue-accounts.ts';
import { refusal } from '../venue-error.ts';
import { header, plainAddress, queryReadings, type Received } from './request.ts';
import { requestSignature, sameText } from './signature.ts';

const NONCES_KEPT = 20_000;

/** The account whose key signed a request at that time of the venue's clock; refuses with the venue's code where none did. */
export type KeyCheck = (received: Received, wallTime: number) => Account;

/** Checks key, address, signature, age, nonce and rights, in this order. */
export function createKeyCheck(engine: Engine, keys: ReadonlyMap<string, ApiKey>): KeyCheck {
  const { quirks } = engine.ctx;
  const nonces = new Set<string>();

  function useUp(nonce: string): void {
    if (quirks.nonceReuse) return;
    if (nonces.has(nonce)) throw refusal(10007);
    if (nonces.size > NONCES_KEPT) nonces.clear();
    nonces.add(nonce);
  }

  return (received, wallTime) => {
    const { headers, socket, method } = received.request;
    const apiKey = header(headers['api-key']);
    if (apiKey === '') throw refusal(10003);
    const account = engine.accounts.find((one) => one.apiKey === apiKey);
    const key = keys.get(apiKey);
    const nonce = header(headers['nonce']);
    const given = header(headers['timestamp']);
    const timestamp = quirks.timeHeader && given === '' ? header(headers['time']) : given;
    const nonceFits = nonce !== '' || (quirks.emptyNonce && headers['nonce'] !== undefined);
    if (account === undefined || key === undefined || !nonceFits) throw refusal(10007);
    if (key.ips !== undefined && !key.ips.includes(plainAddress(socket.remoteAddress)))
      throw refusal(10004);
    const signed = { nonce, timestamp, apiKey, body: received.body };
    const sent = header(headers['sign']);
    const right = queryReadings(received, quirks.signedQuery).some((query) =>
      sameText(requestSignature({ ...signed, query }, key.secretKey), sent),
    );
    if (!right) throw refusal(10007);
    const age = Math.abs(Number(timestamp) - wallTime);
    if (!/^\d+$/.test(timestamp) || age > quirks.receiveWindowMs) throw refusal(10007);
    useUp(apiKey + nonce);
    if (key.readOnly === true && method === 'POST') throw refusal(403);
    return account;
  };
}
