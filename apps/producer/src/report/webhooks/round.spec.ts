import type { StoredEvent, Webhook } from '@app/ledger';
import type { Posted } from './post';
import { backOffMs, roundOf } from './round';

const hour = 3_600_000;
const hook: Webhook = {
  ...{ name: 'a', url: 'https://example.org/', events: [], chat_id: null, secret: 'whsec_', created_at: 0, seq: 1 },
  ...{ tries: 0, next_at: 0, failing_since: null, disabled_at: null, disabled_why: null, last_error: null },
};
const event = (seq: number): StoredEvent => ({ seq, status: 'sent', message_id: `m${seq}`, data: '{}' });
const failed: Posted = { kind: 'failed', why: 'it answered 500', retryAfterMs: 0 };
const taken: Posted = { kind: 'taken' };

describe('A round of posts', () => {
  it('keeps the place of a receiver that takes nothing, and waits longer each time', () => {
    const { standing, again } = roundOf({ ...hook, tries: 2 }, { fresh: [event(2)], again: [], seq: 2 }, new Map([[2, failed]]), 1_000); // prettier-ignore
    expect(standing).toMatchObject({ seq: 1, tries: 3, next_at: 17_000, failing_since: 1_000, disabled_at: null });
    expect(again).toEqual([]);
  });

  it('disables a receiver that has taken nothing for five days, not sooner', () => {
    const after = (ms: number) =>
      roundOf({ ...hook, tries: 99, failing_since: 1 }, { fresh: [event(2)], again: [], seq: 2 }, new Map([[2, failed]]), 1 + ms).standing; // prettier-ignore
    expect(after(120 * hour).disabled_at).toBeNull();
    expect(after(120 * hour + 1).disabled_why).toMatch(/five days: it answered 500/);
  });

  it('gives an event that alone is not taken retries of its own, and drops it after the twelfth', () => {
    const posted = new Map<number, Posted>([[2, failed], [3, taken]]); // prettier-ignore
    const first = roundOf(hook, { fresh: [event(2), event(3)], again: [], seq: 3 }, posted, 0);
    expect(first).toMatchObject({ standing: { seq: 3, tries: 0 }, again: [{ seq: 2, tries: 1, next_at: 1_000 }] });
    const retry = (tries: number) =>
      roundOf(hook, { fresh: [], again: [{ ...event(2), tries, next_at: 0 }], seq: 3 }, new Map([[2, failed]]), 0);
    expect(retry(10)).toMatchObject({ again: [{ tries: 11 }], settled: [], dropped: [] });
    expect(retry(11)).toMatchObject({ again: [], settled: [2], dropped: [{ id: 'm2' }] });
  });

  it('waits as long as the receiver asks, up to a day', () => {
    expect(backOffMs(1, 60_000)).toBe(60_000);
    expect(backOffMs(1, 99 * hour)).toBe(24 * hour);
    expect(backOffMs(40)).toBe(hour);
  });
});
