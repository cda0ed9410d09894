import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Params } from '../call';
import type { Sandbox } from '../sandbox';
import { Invalid } from './check';
import { streamEvents } from './events';
import { ROUTES } from './routes';

const MAX_BODY_BYTES = 1024 * 1024;

/** Serves `/sandbox/…`, a thin skin over {@link Sandbox}: JSON in, JSON out. */
export async function serveControl(
  request: IncomingMessage,
  response: ServerResponse,
  sandbox: Sandbox,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://sandbox');
  const path = url.pathname.replace(/\/$/, '');
  if (path === '/sandbox/events' && request.method === 'GET') return streamEvents(response, sandbox);
  const here = ROUTES.map((route) => ({ route, found: route.path.exec(path) })).filter(({ found }) => found);
  const hit = here.find(({ route }) => route.method === request.method);
  if (!hit) {
    request.resume();
    const allow = here.map(({ route }) => route.method).join(', ');
    if (here.length > 0) return send(response, 405, { message: `only ${allow} work here` }, { allow });
    return send(response, 404, { message: 'there is no such thing; see apps/sandbox/README.md' });
  }
  const body = await readJson(request);
  if (body instanceof Invalid) return send(response, 400, body);
  const id = decoded(hit.found?.[1] ?? '');
  const result = hit.route.run({ sandbox, id, query: Object.fromEntries(url.searchParams), body });
  if (result instanceof Invalid) return send(response, 400, result);
  if (result === undefined) return send(response, 404, { message: `nothing has the id ${id}` });
  send(response, hit.route.status ?? 200, result);
}

/** A broken escape names nothing, and is left as it is. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function send(response: ServerResponse, status: number, content: object, headers: Record<string, string> = {}): void {
  const body = Buffer.from(JSON.stringify(content));
  response
    .writeHead(status, { 'content-type': 'application/json', 'content-length': body.length, ...headers })
    .end(body);
}

/** Anything that JSON can say; a request without a body is an empty object. */
async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  if (bytes > MAX_BODY_BYTES) return new Invalid([{ field: 'body', message: 'must be at most 1 MiB' }]);
  const text = Buffer.concat(chunks).toString();
  if (text.trim() === '') return {} satisfies Params;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return new Invalid([{ field: 'body', message: 'must be JSON' }]);
  }
}
