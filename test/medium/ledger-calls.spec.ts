import type { CallAnswer } from '@app/contracts';
import { Calls, findCall, forgetOlderThan, MessageRecord, type Answered, type Ledger } from '@app/ledger';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { uuidv7 } from 'uuidv7';
import { aCommand, cleanUp, openLedger } from '../support';
import { startPostgres } from '../support/postgres';

const databases = {
  SQLite: () => {
    const dir = mkdtempSync(join(tmpdir(), 'telegramq-calls-'));
    cleanUp(() => rmSync(dir, { recursive: true, force: true }));
    return Promise.resolve(`file:${join(dir, 'ledger.db')}`);
  },
  PostgreSQL: async () => (await startPostgres()).url,
};

const answer: CallAnswer = { ok: true, result: { message_id: 7, text: 'a "quoted" \0 😀' } };
const attempt = { at: 1, duration_ms: 2, error_code: null, description: null, retry_after: null, reason: null };

describe.each(Object.entries(databases))('Calls of the Bot API door, on %s,', (_, make) => {
  let ledger: Ledger;
  let one: Calls;
  let two: Calls;
  beforeEach(async () => {
    ledger = await openLedger(await make());
    [one, two] = [new Calls(ledger, 'one'), new Calls(ledger, 'two')];
  });
  const claim = (gone: string[] = []) => ({ id: uuidv7(), fingerprint: 'same', gone });
  const settle = (id: string, extra: Partial<Answered> = {}): Promise<string | undefined> => {
    const record = new MessageRecord(ledger, true);
    const told = { command: aCommand({ id }), attempt: { ...attempt, outcome: 'sent' as const }, parts: 1 };
    return record.begin(told.command).then(() => record.answered({ ...told, status: 'sent', answer, ...extra }));
  };

  it('are messages of their own while somebody waits for each, and joined in their order once nobody does', async () => {
    const [first, second] = [claim(), claim()];
    expect(await one.claim(first, false)).toEqual({ kind: 'new' });
    expect(await two.claim(second, false)).toEqual({ kind: 'waited-for', by: [{ id: first.id, waiter: 'one' }] });
    expect(await two.claim(second, true)).toEqual({ kind: 'new' });
    await one.leave(first.id);
    await one.leave(second.id); // It is not its to leave.
    expect(await two.claim(claim(), false)).toEqual({ kind: 'joined', id: first.id });
    const both = await Promise.all([one.claim(claim(['two']), true), one.claim(claim(['two']), true)]);
    expect(both.map(({ kind }) => kind)).toEqual(['joined', 'joined']);
    expect((await one.all()).map(({ id }) => id)).toEqual([first.id, second.id]);
    expect(await one.claim(claim(['two']), true)).toEqual({ kind: 'new' });
  });

  it('are joined by one of several that come at once', async () => {
    const first = claim();
    await one.claim(first, true);
    await one.leave(first.id);
    const claimed = await Promise.all([one.claim(claim(), true), two.claim(claim(), true), one.claim(claim(), true)]);
    expect(claimed.map(({ kind }) => kind).sort()).toEqual(['joined', 'new', 'new']);
  });

  it('have their answer kept until it is handed out, and say who waits for it', async () => {
    const first = claim();
    await one.claim(first, true);
    expect(await settle(first.id)).toBe('one');
    expect(await one.look(first.id)).toEqual({ answer, status: 'sent' });
    expect(await two.look(first.id)).toEqual({});
    await one.leave(first.id);
    expect(await findCall(ledger, first.id)).toEqual({ waiter: undefined, answer });
    expect(await two.claim(claim(), false)).toEqual({ kind: 'joined', id: first.id, answer, status: 'sent' });
    await two.forget(first.id);
    expect(await two.claim(claim(), false)).toEqual({ kind: 'new' });
  });

  it('have no answer kept where no client ever waited', async () => {
    const id = randomUUID();
    expect(await settle(id)).toBeUndefined();
    expect(await findCall(ledger, id)).toBeUndefined();
  });

  it('are forgotten a day after their answer', async () => {
    const first = claim();
    await one.claim(first, true);
    await settle(first.id);
    await one.leave(first.id);
    const tomorrow = Date.now() + 86_400_001;
    jest.spyOn(Date, 'now').mockReturnValue(tomorrow);
    cleanUp(() => jest.restoreAllMocks());
    expect(await two.claim(claim(), false)).toEqual({ kind: 'new' });
    await forgetOlderThan(ledger, 0);
    expect(await findCall(ledger, first.id)).toBeUndefined();
  });
});
