import { request as httpRequest } from 'node:http';
import type { Sandbox, SandboxOptions } from '../../apps/sandbox/src/sandbox';
import { aSandbox, botToken, broker, startConsumer, startProducer, type Namespace, type Overrides, type RunningApp } from '../support'; // prettier-ignore

/** One answer of a Bot API, down to its bytes. */
export interface RawAnswer {
  status: number;
  type: string | null;
  retryAfter: string | null;
  text: string;
}

/** Calls a Bot API: a sandbox, or the door. @param path What follows `/bot`. */
export async function ask(root: string, path: string, init: RequestInit = {}): Promise<RawAnswer> {
  const response = await fetch(`${root}/bot${path}`, { signal: AbortSignal.timeout(20_000), ...init });
  const { status, headers } = response;
  const text = await response.text();
  return { status, type: headers.get('content-type'), retryAfter: headers.get('retry-after'), text };
}

export const json = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

export const form = (body: string | Record<string, string>): RequestInit => ({
  method: 'POST',
  body: new URLSearchParams(body),
});

/** A request whose client goes away once it is written. @returns to be called to go away */
export function hangUp(root: string, path: string, body: string): () => void {
  const request = httpRequest(`${root}/bot${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
  });
  request.on('error', () => undefined).end(body);
  return () => request.destroy();
}

const unlimited = {
  TELEGRAM_RATE_GLOBAL: '10000/1s',
  TELEGRAM_RATE_PRIVATE: '10000/1s',
  TELEGRAM_RATE_GROUP: '10000/1s',
};

/** A broker, a Telegram, and the apps as a test starts them. */
export interface Doorway {
  at: Namespace;
  sandbox: Sandbox;
  producer: (overrides?: Overrides) => Promise<RunningApp>;
  consumer: (overrides?: Overrides) => Promise<RunningApp>;
}

/** @param brokerUrl Another broker than the one of the run. */
export async function aDoorway(
  settings: Overrides = {},
  options: SandboxOptions = {},
  brokerUrl?: string,
): Promise<Doorway> {
  const [at, sandbox] = await Promise.all([broker(brokerUrl), aSandbox(options)]);
  const all = { TELEGRAM_BOT_TOKEN: botToken, TELEGRAM_API_ROOT: sandbox.url, ...unlimited, ...settings };
  return {
    at,
    sandbox,
    producer: (overrides) => startProducer(at, { ...all, ...overrides }),
    consumer: (overrides) => startConsumer(at, { ...all, ...overrides }),
  };
}

/** The result of an answer that was an ok. */
export function resultOf({ text }: RawAnswer): Record<string, unknown> {
  const answer = JSON.parse(text) as { ok: boolean; result: Record<string, unknown> };
  if (!answer.ok) throw new Error(`refused: ${text}`);
  return answer.result;
}
