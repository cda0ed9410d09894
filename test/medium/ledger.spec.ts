import {
  addEvents,
  cancelMessage,
  deleteLetters,
  eventsAfter,
  findChats,
  findLetters,
  findMessage,
  forgetOlderThan,
  IdempotencyKeys,
  lastSeq,
  Ledger,
  LedgerAway,
  lettersToReplay,
  markReplayed,
  MessageRecord,
  recordLetter,
  searchMessages,
  takeLease,
} from '@app/ledger';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aCommand, cleanUp, eventually, openLedger } from '../support';
import { startPostgres, type Postgres } from '../support/postgres';

const databases = {
  SQLite: () => {
    const dir = mkdtempSync(join(tmpdir(), 'telegramq-ledger-'));
    cleanUp(() => rmSync(dir, { recursive: true, force: true }));
    return Promise.resolve({ url: `file:${join(dir, 'ledger.db')}`, server: undefined as Postgres | undefined });
  },
  PostgreSQL: async () => {
    const server = await startPostgres();
    return { url: server.url, server: server as Postgres | undefined };
  },
};

const call = { at: 1, duration_ms: 2, error_code: null, description: null, retry_after: null };
const sent = { ...call, outcome: 'sent', reason: null } as const;
const blocked = { ...call, outcome: 'rejected', reason: 'bot_blocked', description: 'a\0b' } as const;

describe.each(Object.entries(databases))('The ledger on %s', (_, make) => {
  let url: string;
  let server: Postgres | undefined;
  let ledger: Ledger;
  let record: MessageRecord;
  beforeEach(async () => {
    ({ url, server } = await make());
    ledger = await openLedger(url);
    record = new MessageRecord(ledger, true);
  });

  it('follows a message from its acceptance to its answer, whatever characters are in it', async () => {
    const command = aCommand({ ref: 'r\0\ud800', payload: { text: '\0 😀' } });
    record.queued([command]);
    await record.flushed();
    expect(await findMessage(ledger, command.id)).toMatchObject({ status: 'queued', ref: 'r\ufffd\ufffd' });
    expect([await record.begin(command), await record.begin(command)]).toMatchObject([{ kind: 'free' }, { kind: 'unanswered' }]); // prettier-ignore
    await record.answered({ command, attempt: blocked, status: 'failed', parts: 1 });
    expect(await record.look(command)).toMatchObject({ kind: 'over', status: 'failed', reason: 'bot_blocked' });
    expect(await findChats(ledger, { limit: 9, suppressed: true })).toMatchObject([{ chat_id: 42 }]);
    const next = aCommand();
    await record.begin(next);
    await record.answered({ command: next, attempt: sent, status: 'sent', parts: 1, messageIds: [7] });
    expect(await findChats(ledger, { limit: 9, suppressed: true })).toEqual([]);
    const found = await searchMessages(ledger, { limit: 9, chat_id: 42 });
    expect(found.map(({ status, telegram }) => [status, ...telegram.message_ids]).sort()).toEqual([['failed'], ['sent', 7]]); // prettier-ignore
    const events = await eventsAfter(ledger, 0, { limit: 9 });
    expect(events.map(({ status }) => status)).toEqual(['queued', 'failed', 'queued', 'sent']);
  });

  it('cancels what is not begun, and that is not begun any more', async () => {
    const command = aCommand();
    record.queued([command]);
    await record.flushed();
    expect(await cancelMessage(ledger, command.id)).toMatchObject({ cancelled: true });
    expect(await record.begin(command)).toMatchObject({ kind: 'over', status: 'cancelled' });
    expect(await cancelMessage(ledger, randomUUID())).toBeUndefined();
  });

  it('gives a key and a lease to one of two processes', async () => {
    const other = await openLedger(url);
    const claim = { scope: 's', key: 'k\0', fingerprint: 'f', commands: [aCommand()] };
    const keys = [new IdempotencyKeys(ledger), new IdempotencyKeys(other)] as const;
    const claimed = await Promise.all(Array.from({ length: 20 }, (__, n) => keys[n % 2 ? 0 : 1].claim(claim)));
    expect(claimed.map(({ kind }) => kind).sort()).toEqual([...Array<string>(19).fill('busy'), 'first']);
    await keys[0].finish(claim, 'done');
    expect(await keys[1].claim(claim)).toEqual({ kind: 'done', commands: claim.commands });
    expect((await keys[1].claim({ ...claim, fingerprint: 'g' })).kind).toBe('other-body');
    expect([await takeLease(ledger, 'l', 'a', 60_000), await takeLease(other, 'l', 'b', 60_000)]).toEqual([
      true,
      false,
    ]);
    await takeLease(ledger, 'l', 'a', 0);
    await eventually(() => takeLease(other, 'l', 'b', 60_000), 'the other has the lease');
  });

  it('numbers the events of two processes without one becoming visible before an earlier one', async () => {
    const other = await openLedger(url);
    const seen: number[] = [];
    const writers = [ledger, other].map(async (writer) => {
      for (let n = 0; n < 40; n++) {
        await writer.write((db) => addEvents(writer, db, [{ event: 'message.sent', id: randomUUID(), status: 'sent', bot: 'b', method: 'm', at: new Date().toISOString() }])); // prettier-ignore
        const last = seen.at(-1) ?? 0;
        seen.push(...(await eventsAfter(ledger, last, { limit: 99 })).map(({ seq }) => seq).filter((seq) => seq > (seen.at(-1) ?? 0))); // prettier-ignore
      }
    });
    await Promise.all(writers);
    expect(seen).toHaveLength(80);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(await lastSeq(ledger)).toBe(seen.at(-1));
  });

  it('keeps letters, each replayed once', async () => {
    const letter = { id: 'a', message_id: null, bot: null, chat_id: '5', reason: 'internal', description: 'x\0', error_code: null, attempts: 0, queue: 'q', failed_at: 1, body: '\0', replayed_as: null } as const; // prettier-ignore
    await recordLetter(ledger, letter);
    await recordLetter(ledger, letter);
    expect(await findLetters(ledger, { limit: 9, chat_id: 5 })).toHaveLength(1);
    expect(await lettersToReplay(ledger, { chat_id: 5 })).toEqual(['a']);
    expect([await markReplayed(ledger, 'a', randomUUID()), await markReplayed(ledger, 'a', randomUUID())]).toEqual([true, false]); // prettier-ignore
    expect([await deleteLetters(ledger, { chat_id: 6 }), await deleteLetters(ledger, { chat_id: 5 })]).toEqual([0, 1]);
  });

  it('forgets what is over and old, with all that belongs to it, and nothing else', async () => {
    const [done, open, recent] = [aCommand(), aCommand(), aCommand()];
    record.queued([open]);
    await record.flushed();
    await record.begin(done);
    await record.answered({ command: done, attempt: sent, status: 'sent', parts: 1, messageIds: [7] });
    const begun = Date.now() + 1;
    await eventually(() => Date.now() > begun, 'the clock has gone on');
    await record.begin(recent);
    await record.answered({ command: recent, attempt: sent, status: 'sent', parts: 1, messageIds: [8] });
    await forgetOlderThan(ledger, begun);
    expect(await findMessage(ledger, done.id)).toBeUndefined();
    expect(await findMessage(ledger, open.id)).toMatchObject({ status: 'queued' });
    expect(await findMessage(ledger, recent.id)).toMatchObject({ status: 'sent', attempts: [{ outcome: 'sent' }] });
    expect(await ledger.read((db) => db.selectFrom('attempts').select('message_id').execute())).toHaveLength(1);
  });

  it('is opened by several processes at once, and again with everything in it', async () => {
    const command = aCommand();
    record.queued([command]);
    await record.flushed();
    const others = await Promise.all([openLedger(url), openLedger(url), openLedger(url)]);
    for (const other of others) expect(await findMessage(other, command.id)).toBeDefined();
  });

  it('takes all of a write or nothing', async () => {
    const command = aCommand();
    const failing = ledger.write(async (db) => {
      await db.insertInto('leases').values({ name: 'half', holder: 'h', until: 1 }).execute();
      throw new TypeError('a bug');
    });
    await expect(failing).rejects.toThrow('a bug');
    expect(await ledger.read((db) => db.selectFrom('leases').selectAll().execute())).toEqual([]);
    expect(await record.begin(command)).toMatchObject({ kind: 'free', tries: 0 });
  });

  it('says that it is away, and comes back by itself', async () => {
    if (!server) return; // A file does not go away; see the test of a full disk.
    await server.stop();
    await expect(record.begin(aCommand())).rejects.toThrow(LedgerAway);
    expect(ledger.available).toBe(false);
    const waiting = ledger.insist(() => record.begin(aCommand()));
    await server.start();
    expect(await waiting).toMatchObject({ kind: 'free' });
    expect(ledger.available).toBe(true);
  });
});
