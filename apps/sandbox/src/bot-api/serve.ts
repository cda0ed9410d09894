import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Call, integerOf, now, Refusal } from '../call';
import type { Sandbox } from '../sandbox';
import { answer, spoil } from './answer';
import { type Body, readBody } from './body';

const NOT_FOUND = new Refusal(404, 'Not Found');
const UNAUTHORIZED = new Refusal(401, 'Unauthorized');
const MAX_POLL_SECONDS = 50;

interface Address {
  bot: string;
  method: string;
  refusal?: Refusal;
}

/** Takes the path apart; the token goes no further than this function. */
function addressOf(path: string, sandbox: Sandbox): Address {
  const [, rawToken = '', method = ''] = /^\/bot([^/]*)\/?(.*)$/.exec(path) ?? [];
  const token = rawToken.replace(/%3a/i, ':');
  const bot = /^(\d+):[\w-]+$/.exec(token)?.[1];
  if (bot === undefined) return { bot: '', method, refusal: NOT_FOUND };
  if (!sandbox.knows(token)) return { bot, method, refusal: UNAUTHORIZED };
  return /^[a-zA-Z]+$/.test(method) ? { bot, method } : { bot, method, refusal: NOT_FOUND };
}

/** Serves `/bot<token>/<method>`. */
export async function serveBotApi(request: IncomingMessage, response: ServerResponse, sandbox: Sandbox): Promise<void> {
  const target = request.url ?? '';
  const mark = target.indexOf('?');
  const { bot, method, refusal } = addressOf(mark === -1 ? target : target.slice(0, mark), sandbox);
  let body: Body;
  try {
    body = await readBody(request, mark === -1 ? '' : target.slice(mark + 1));
  } catch {
    // The client went away before the call was complete: nothing arrived.
    return;
  }
  sandbox.files.keep(body.contents);
  const call: Call = { at: now(), bot, method, params: body.params, files: body.files };
  const { outcome, fault } = sandbox.take(call, body.bytes, refusal ?? body.refusal);
  if (fault) spoil(response, fault, outcome);
  else if (outcome) answerInTime(response, call, outcome);
}

/** Serves `/file/bot<token>/<path>`: uploads, by the path that `getFile` names. */
export function serveFile(request: IncomingMessage, response: ServerResponse, sandbox: Sandbox): void {
  const { refusal, method: path } = addressOf((request.url ?? '').slice('/file'.length), sandbox);
  const content = sandbox.files.content(/^files\/([\w-]+)$/.exec(path)?.[1] ?? '');
  if (refusal === UNAUTHORIZED || !content) return answer(response, refusal === UNAUTHORIZED ? refusal : NOT_FOUND);
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': content.length });
  response.end(content);
}

/** A long poll without updates takes as long as the client asked for. */
function answerInTime(response: ServerResponse, call: Call, outcome: Parameters<typeof answer>[1]): void {
  const seconds = call.method.toLowerCase() === 'getupdates' ? (integerOf(call.params.timeout) ?? 0) : 0;
  if (seconds <= 0 || outcome instanceof Refusal) return answer(response, outcome);
  spoil(response, { kind: 'slow', ms: Math.min(seconds, MAX_POLL_SECONDS) * 1000 }, outcome);
}
