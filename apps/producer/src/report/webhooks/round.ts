import type { Retry, Round, StoredEvent, Webhook } from '@app/ledger';
import type { Posted } from './post';

const hourMs = 3_600_000;
/** Without success for so long, a webhook is disabled; Standard Webhooks recommends days, and this is Svix's number. */
const disabledAfterMs = 120 * hourMs;
/** Tries of one event while others are taken: about six hours. */
const mostTries = 12;

/** Wait before the next try, in milliseconds: 1 s, 4 s, 16 s and so on up to an hour, or what the receiver asked for up to a day. */
export function backOffMs(tries: number, retryAfterMs = 0): number {
  const own = Math.min(1_000 * 4 ** (tries - 1), hourMs);
  return Math.max(own, Math.min(retryAfterMs, 24 * hourMs));
}

/** What was posted: events of the first time, and those that the receiver did not take before. */
interface Tried {
  fresh: StoredEvent[];
  again: (StoredEvent & Retry)[];
  /** The last event that is done with if the receiver takes any. */
  seq: number;
}

/**
 * What follows from a round. A receiver that takes nothing is left alone for longer and longer, and keeps its place. One
 * that takes some moves on, and what it did not take has retries of its own, so that one event cannot stop the others.
 */
export function roundOf(
  hook: Webhook,
  { fresh, again, seq }: Tried,
  posted: ReadonlyMap<number, Posted>,
  now: number,
): Round & { dropped: { id: string }[] } {
  const answers = [...posted.values()];
  const failures = answers.filter((one) => one.kind === 'failed');
  const last_error = failures.at(-1)?.why ?? null;
  const disabled = (why: string) => ({ disabled_at: now, disabled_why: why });
  const enabled = { disabled_at: null, disabled_why: null };
  const stays = { settled: [], again: [], dropped: [] };
  if (answers.some(({ kind }) => kind === 'gone')) {
    const { tries, next_at, failing_since } = hook;
    return { ...stays, standing: { seq: hook.seq, tries, next_at, failing_since, last_error, ...disabled('it answered 410') } }; // prettier-ignore
  }
  if (fresh.length > 0 && failures.length === answers.length) {
    const tries = hook.tries + 1;
    const failing_since = hook.failing_since ?? now;
    const next_at = now + backOffMs(tries, Math.max(...failures.map(({ retryAfterMs }) => retryAfterMs)));
    const isOver = now - failing_since > disabledAfterMs;
    const end = isOver ? disabled(`nothing was taken for five days: ${last_error}`) : enabled;
    return { ...stays, standing: { seq: hook.seq, tries, next_at, failing_since, last_error, ...end } };
  }
  const failed = [...again, ...fresh.map((event) => ({ ...event, tries: 0 }))].flatMap((event) => {
    const answer = posted.get(event.seq);
    return answer?.kind === 'failed' ? [{ ...event, tries: event.tries + 1, retryAfterMs: answer.retryAfterMs }] : [];
  });
  const isDropped = ({ tries }: { tries: number }) => tries >= mostTries;
  const isLeft = new Set(failed.filter((event) => !isDropped(event)).map((event) => event.seq));
  return {
    standing: { seq, tries: 0, next_at: 0, failing_since: null, last_error, ...enabled },
    settled: again.map((event) => event.seq).filter((number) => !isLeft.has(number)),
    again: failed
      .filter((event) => isLeft.has(event.seq))
      .map(({ seq, tries, retryAfterMs }) => ({ seq, tries, next_at: now + backOffMs(tries, retryAfterMs) })),
    dropped: failed.filter(isDropped).map(({ message_id }) => ({ id: message_id })),
  };
}
