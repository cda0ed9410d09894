import type { Params } from './call';
import type { Sandbox } from './sandbox';

export const PROBE_TOKEN = '7000000001:probe-secret';

export interface Probed {
  status: number;
  headers: Headers;
  ok: boolean;
  // What Telegram answers differs by method, and specs compare it as a whole.
  result?: any;
  error_code?: number;
  description?: string;
  parameters?: { retry_after?: number; migrate_to_chat_id?: number };
}

/** Calls a method over a real socket, as JSON or with whatever body is given; for the specs. */
export async function probe(
  sandbox: Sandbox,
  method: string,
  params: Params | FormData | URLSearchParams,
): Promise<Probed> {
  const plain = !(params instanceof FormData) && !(params instanceof URLSearchParams);
  const answer = await fetch(`${sandbox.url}/bot${PROBE_TOKEN}/${method}`, {
    method: 'POST',
    ...(plain ? { headers: { 'content-type': 'application/json' } } : {}),
    body: plain ? JSON.stringify(params) : params,
  });
  return {
    status: answer.status,
    headers: answer.headers,
    ...((await answer.json()) as Omit<Probed, 'status' | 'headers'>),
  };
}
