import { ExchangeFailure } from '../../../domain/failure.ts';
import { errorCode } from './error-codes.ts';
import { parseWireJson } from '../../wire/wire-json.ts';
import {
  fromForeignBody,
  fromServerError,
  fromShape,
  lost,
  refused,
  type Reply,
} from '../../http/failures.ts';
import type { RawResponse } from '../../http/transport.ts';

/**
 * The envelope `{code, data, msg}`. Below 500 the HTTP status says nothing; from 500 on a server on the way has failed, and whatever the
 * body says is no answer of the exchange. `clean` takes secrets out of the exchange's own words.
 */
export function openEnvelope(
  { status, text }: RawResponse,
  clean: (text: string) => string,
): Reply {
  if (status >= 500) return fromServerError(status);
  const json = parseWireJson(text);
  if (json === undefined) return fromForeignBody(status, text);
  if (typeof json !== 'object' || json === null || !('code' in json)) {
    return fromShape('it has no code');
  }
  const { code } = json;
  if (typeof code !== 'number' && typeof code !== 'string') {
    return fromShape('its code is not a number');
  }
  if (String(code).trim() === '0') {
    // Some answers say so twice; one that says both is not believed.
    if ('success' in json && json.success === false) return fromShape('it says yes and no');
    return { ok: true, data: 'data' in json ? json.data : undefined };
  }
  const message = 'msg' in json && typeof json.msg === 'string' ? json.msg : '';
  return fromCode(clean(String(code)), clean(message));
}

/** The exchange answered with an error code. `message` is its own text, already redacted. */
function fromCode(code: string, message: string): Reply {
  const { kind, meaning, repeat, maybeDone = false } = errorCode(code);
  const said = message === '' ? '' : `: "${message}"`;
  const failure = new ExchangeFailure(`${meaning} (code ${code}${said})`, {
    kind,
    code,
    retriable: repeat !== 'no',
  });
  return maybeDone ? lost(failure) : refused(failure);
}
