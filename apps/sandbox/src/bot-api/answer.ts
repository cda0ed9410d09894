import type { ServerResponse } from 'node:http';
import { type Done, Refusal } from '../call';
import type { Fault } from '../faults';

const DEFAULT_HTML =
  '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n';

/** Answers as Telegram does: an envelope, its HTTP status, and `Retry-After` beside `retry_after`. */
export function answer(response: ServerResponse, outcome: Done | Refusal): void {
  const { status, headers, body } = envelope(outcome);
  response.writeHead(status, headers).end(body);
}

/** Spoils an answer. Without an outcome nothing was processed, and there is nothing to say. */
export function spoil(response: ServerResponse, fault: Fault, outcome: Done | Refusal | undefined): void {
  switch (fault.kind) {
    case 'hang':
      return;
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'empty':
      response.writeHead(200, { 'content-length': 0 }).end();
      return;
    case 'html': {
      const body = Buffer.from(fault.body ?? DEFAULT_HTML);
      const headers = { 'content-type': 'text/html', 'content-length': body.length };
      response.writeHead(fault.status ?? 502, headers).end(body);
      return;
    }
    case 'cut': {
      const { status, headers, body } = envelope(outcome ?? { result: true, message_ids: [] });
      response.writeHead(status, headers);
      response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.socket?.destroy());
      return;
    }
    case 'slow': {
      const timer = setTimeout(() => answer(response, outcome ?? { result: true, message_ids: [] }), fault.ms);
      response.on('close', () => clearTimeout(timer));
      return;
    }
    case 'code':
      if (outcome) answer(response, outcome);
  }
}

function envelope(outcome: Done | Refusal): { status: number; headers: Record<string, string | number>; body: Buffer } {
  const refused = outcome instanceof Refusal;
  const content = refused ? { ok: false, ...outcome } : { ok: true, result: outcome.result };
  const body = Buffer.from(JSON.stringify(content));
  const headers: Record<string, string | number> = {
    'content-type': 'application/json',
    'content-length': body.length,
  };
  const wait = refused ? outcome.parameters?.retry_after : undefined;
  if (wait !== undefined) headers['retry-after'] = wait;
  const isStatus = refused && outcome.error_code >= 400 && outcome.error_code <= 599;
  return { status: refused ? (isStatus ? outcome.error_code : 500) : 200, headers, body };
}
