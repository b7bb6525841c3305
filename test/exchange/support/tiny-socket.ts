import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';

export interface TinySocket {
  readonly url: string;
  /** Every text frame that clients sent, parsed, with the number of its connection (0, 1, ...). */
  readonly received: {
    readonly connection: number;
    readonly frame: WireFrame;
    readonly at: number;
  }[];
  /** Kinds of frames by connection: "ping" for protocol pings, "text" for text. */
  readonly first: string[];
  readonly connections: WebSocket[];
  push(frame: unknown): void;
  close(): Promise<void>;
}

/** A real WebSocket server in the exchange's manner; `onFrame` may answer. */
export async function startTinySocket(
  onFrame: (frame: WireFrame, socket: WebSocket) => void = () => undefined,
): Promise<TinySocket> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await new Promise((resolve) => server.once('listening', resolve));
  const connections: WebSocket[] = [];
  const received: TinySocket['received'] = [];
  const first: string[] = [];
  server.on('connection', (socket) => {
    const connection = connections.push(socket) - 1;
    socket.send(JSON.stringify({ op: 'connect', data: { result: true } }));
    socket.on('ping', () => (first[connection] ??= 'ping'));
    socket.on('message', (data) => {
      first[connection] ??= 'text';
      const frame = JSON.parse((data as Buffer).toString()) as WireFrame;
      received.push({ connection, frame, at: performance.now() });
      onFrame(frame, socket);
    });
  });
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/public/`,
    received,
    first,
    connections,
    push(frame) {
      for (const each of connections) each.send(JSON.stringify(frame));
    },
    async close() {
      for (const each of connections) each.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A frame as a client sent it. */
export interface WireFrame {
  readonly op: string;
  readonly args?: readonly Readonly<Record<string, unknown>>[];
  readonly ping?: number;
}
