import { once } from 'node:events';
import { createServer as createHttpServer, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';

/** Servers of one test on real sockets; `closeServers` ends them all. */
const running: { server: Server; sockets: Set<Socket> }[] = [];

export interface Received {
  path: string;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
  socket: Socket;
}

/** What arrived, and where. */
export interface Listening {
  root: string;
  received: Received[];
}

export const TOKEN = '123456:AAsecret-token_of-the-test';
export const MESSAGE = { message_id: 7, date: 1, chat: { id: 1, type: 'private' } };

export const answerJson = (response: ServerResponse, body: unknown, status = 200): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};

/** An HTTP server that reads each request to its end before it answers. */
export async function listenHttp(
  answer: (response: ServerResponse, request: Received) => void = (response) =>
    answerJson(response, { ok: true, result: MESSAGE }),
): Promise<Listening> {
  const received: Received[] = [];
  const server = createHttpServer(async (request, response) => {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return; // the client gave up half-way: it sent no request
    }
    const { url = '', headers, socket } = request;
    const one = { path: url, headers, body: Buffer.concat(chunks), socket };
    received.push(one);
    answer(response, one);
  });
  return { root: await listen(server), received };
}

/** A TCP server: `onSocket` decides what the other side meets. */
export async function listenTcp(onSocket: (socket: Socket) => void): Promise<string> {
  return listen(createTcpServer(onSocket));
}

/** A port on which nothing listens. */
export async function freePort(): Promise<string> {
  const root = await listenTcp(() => undefined);
  await closeServers();
  return root;
}

export async function closeServers(): Promise<void> {
  await Promise.all(
    running.splice(0).map(async ({ server, sockets }) => {
      const closed = once(server, 'close');
      server.close();
      sockets.forEach((socket) => socket.destroy());
      await closed;
    }),
  );
}

async function listen(server: Server): Promise<string> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  running.push({ server, sockets });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
