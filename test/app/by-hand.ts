import { signedHeaders } from '../../src/exchange/bitunix/rest/sign.ts';
import { KEY, type Vigil } from './vigil.ts';

interface Reply {
  readonly code: number;
  readonly msg: string;
  readonly data?: { readonly orderId?: string } | null;
}

/** A signed call that the owner's phone or another program makes, past Vigil; rejects when the exchange refuses it. */
export async function byHand(vigil: Vigil, path: string, request: object): Promise<Reply> {
  const body = JSON.stringify(request);
  const response = await fetch(`${vigil.venue.url}/api/v1/futures/${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...signedHeaders(KEY, { timestampMs: vigil.venue.now(), body }),
    },
    body,
  });
  const reply = (await response.json()) as Reply;
  if (reply.code !== 0) throw new Error(`${path}: ${reply.code} ${reply.msg}`);
  return reply;
}

/** A limit order of 0.1 ETH far below the market; answers its id. */
export async function restingByHand(vigil: Vigil, clientId: string): Promise<string> {
  const reply = await byHand(vigil, 'trade/place_order', {
    symbol: 'ETHUSDT',
    qty: '0.1',
    side: 'BUY',
    tradeSide: 'OPEN',
    orderType: 'LIMIT',
    effect: 'GTC',
    price: '3900',
    clientId,
  });
  return reply.data?.orderId ?? '';
}
