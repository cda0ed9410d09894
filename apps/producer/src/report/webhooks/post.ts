import { createHmac } from 'node:crypto';
import { Agent } from 'undici';
import { type Guard, NotPublic, within } from '@app/guard';

/** What came of one post. */
export type Posted = { kind: 'taken' } | { kind: 'gone' } | { kind: 'failed'; why: string; retryAfterMs: number };

/** Longest wait for the whole of a post, in milliseconds; Standard Webhooks recommends 15 to 30 s. */
const longestMs = 15_000;
/** Of an answer so much is read to keep its connection, in bytes. */
const mostAnswer = 65_536;
/** Posts to one receiver at a time. */
export const atOnce = 10;

/** Posts signed events to receivers: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
export class Post {
  private readonly agent: Agent;

  constructor(private readonly guard: Guard) {
    const connect = { lookup: guard.lookup, timeout: 5_000 };
    this.agent = new Agent({ connect, connections: atOnce, pipelining: 1 });
  }

  /**
   * Posts an event.
   *
   * @param id The same at each try, so that the receiver can tell a repetition.
   * @param signal Gives up, as when the time is over.
   */
  async send(to: { url: string; secret: string }, id: string, body: string, signal: AbortSignal): Promise<Posted> {
    const url = new URL(to.url);
    if (!this.guard.permits(url)) return failed(this.guard.refusal().message);
    try {
      return await within(longestMs, signal, (ending) => this.post(url, to.secret, id, body, ending));
    } catch (error) {
      return failed(whyOf(error));
    }
  }

  private async post(url: URL, secret: string, id: string, body: string, signal: AbortSignal): Promise<Posted> {
    const answer = await this.agent.request({
      ...{ origin: url.origin, path: url.pathname + url.search, method: 'POST', body },
      headers: { 'content-type': 'application/json', 'user-agent': 'TelegraMQ', ...signature(secret, id, body) },
      signal,
    });
    await answer.body.dump({ limit: mostAnswer }).catch(() => undefined); // What it says beside its status is its own.
    if (answer.statusCode >= 200 && answer.statusCode < 300) return { kind: 'taken' };
    if (answer.statusCode === 410) return { kind: 'gone' };
    return failed(`it answered ${answer.statusCode}`, answer.headers['retry-after']);
  }

  /** What is under way has ended before. */
  close(): Promise<void> {
    return this.agent.close();
  }
}

function signature(secret: string, id: string, body: string): Record<string, string> {
  const timestamp = Math.floor(Date.now() / 1000).toString();
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const signed = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signed}` };
}

function failed(why: string, retryAfter?: string | string[]): Posted {
  const seconds = Number(retryAfter ?? 0);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(String(retryAfter)) - Date.now();
  return { kind: 'failed', why, retryAfterMs: Math.max(0, ms || 0) };
}

/** A sentence without the address, which may hold a secret. */
function whyOf(error: unknown): string {
  if (error instanceof NotPublic) return error.message;
  const { name, code } = error as { name?: string; code?: string };
  return name === 'TimeoutError' ? 'no answer came in time' : `it cannot be reached: ${code ?? name ?? 'no reason'}`;
}
