import type { Wording } from '../../streams/stream-socket.ts';
import { isRecord } from '../mapped.ts';

/** What keeps BitUnix's sockets alive. A pong was captured as `{"op":"ping","pong":...}`; `{"op":"pong"}` occurs too. */
export const WORDING: Wording = {
  ping: (at) => JSON.stringify({ op: 'ping', ping: Math.trunc(at / 1_000) }),
  isPong: (frame) => isRecord(frame) && ('pong' in frame || frame['op'] === 'pong'),
  isData: (frame) => isRecord(frame) && 'ch' in frame,
};
