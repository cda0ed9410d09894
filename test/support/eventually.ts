import { setTimeout as pause } from 'node:timers/promises';

/** Between two looks, where nothing tells when to look. */
const pauseMs = 20;

/**
 * Waits until something is so, and gives what the check gave: anything but `undefined`, `null` and `false`. A check that
 * throws, as a failed `expect` does, is asked again.
 *
 * @param what What is waited for, for the error.
 * @param timeoutMs The tests have no other time-outs.
 */
export async function eventually<T>(
  check: () => T | Promise<T>,
  what: string,
  timeoutMs = 15_000,
): Promise<Exclude<T, undefined | null | false>> {
  const deadline = performance.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      const value = (last = await check());
      if (value !== undefined && value !== null && value !== false) {
        return value as Exclude<T, undefined | null | false>;
      }
    } catch (error) {
      last = error;
    }
    if (performance.now() > deadline) {
      const seen = last instanceof Error ? last.message : JSON.stringify(last);
      throw new Error(`${what}: not so after ${timeoutMs} ms; last seen: ${seen}`, { cause: last });
    }
    await pause(pauseMs);
  }
}
