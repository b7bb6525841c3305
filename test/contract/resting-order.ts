import { toText } from '../../src/domain/money/money.ts';
import { signedHeaders } from '../../src/exchange/bitunix/rest/sign.ts';
import { levelAt } from './small-entry.ts';
import { API_KEY, SECRET_KEY, type VenueTarget } from './venue-target.ts';

/** Places a limit order far below the market, as another program of the owner might; answers its id. */
export async function placeRestingOrder(
  target: VenueTarget,
  clientId = 'resting1',
): Promise<string> {
  const price = toText(await levelAt(target, 0.97));
  const body = JSON.stringify({
    symbol: target.symbol,
    qty: '0.01',
    side: 'BUY',
    tradeSide: 'OPEN',
    orderType: 'LIMIT',
    effect: 'GTC',
    price,
    clientId,
  });
  const credentials = { apiKey: API_KEY, secretKey: SECRET_KEY };
  const response = await fetch(`${target.venue.url}/api/v1/futures/trade/place_order`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...signedHeaders(credentials, { timestampMs: target.now(), body }),
    },
    body,
  });
  const reply = (await response.json()) as {
    code: number;
    msg: string;
    data: { orderId: string } | null;
  };
  if (reply.data === null) throw new Error(`${reply.code}: ${reply.msg}`);
  return reply.data.orderId;
}
