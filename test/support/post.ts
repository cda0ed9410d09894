/** An answer, its body read. */
export interface Answer<T = unknown> {
  status: number;
  headers: Headers;
  body: T;
}

/** Requests longer than this hang; the product answers within 5 s. */
const timeoutMs = 20_000;

/**
 * Posts to `/v1/messages`.
 *
 * @param url Of the producer.
 * @param body Bytes or a text as they are; anything else as JSON.
 */
export const post = <T = Record<string, unknown>>(
  url: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Answer<T>> =>
  request<T>(`${url}/v1/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: Buffer.isBuffer(body) || typeof body === 'string' ? body : JSON.stringify(body),
  });

/** Any request; the body of the answer is parsed where it is JSON. */
export async function request<T = Record<string, unknown>>(url: string, init: RequestInit = {}): Promise<Answer<T>> {
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs), ...init });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as T };
}
