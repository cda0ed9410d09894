/**
 * Does what may take so long, in milliseconds, and not longer; its signal also ends with the other one.
 *
 * Not `AbortSignal.timeout` within `AbortSignal.any`: Node 20 holds neither, so that after a collection of garbage no time
 * is ever up (nodejs/node#57736).
 */
export async function within<T>(ms: number, other: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(new DOMException('The time is up', 'TimeoutError')), ms);
  try {
    return await work(AbortSignal.any([deadline.signal, other]));
  } finally {
    clearTimeout(timer);
  }
}
