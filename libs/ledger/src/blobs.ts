import { finalStatuses, isFinal, blobFiles, type MessageStatus, type SendMessage } from '@app/contracts';
import { sql } from 'kysely';
import type { Db } from './database';
import type { Ledger } from './ledger';

/** How long a file is kept that nobody has said anything more of, in milliseconds: longer than a key of its request. */
const strayMs = 25 * 3_600_000;
/** How long a file that messages have come to need is looked at by nobody who removes files, in milliseconds. */
const settleMs = 2_000;
/** Most files of one step of a removal. */
const most = 100;

/** Notes a file before the first of its bytes is stored, so that a crash leaves none that nobody knows. @throws LedgerAway */
export async function noteBlob(ledger: Ledger, blob: string): Promise<void> {
  await ledger.write((db) =>
    db
      .insertInto('blobs')
      .values({ blob, kept_until: Date.now() + strayMs })
      .execute(),
  );
}

/**
 * Keeps the files of messages until those are over. To be done before they are put on the broker; a second time where
 * nobody knows whether the broker had them, and so some may be over already.
 * @returns false where one of the files is gone: then nothing is kept.
 * @throws LedgerAway
 */
export function holdBlobs(ledger: Ledger, messages: readonly SendMessage[]): Promise<boolean> {
  const now = Date.now();
  return ledger.write(async (db) => {
    const over = await whichAreOver(ledger, db, messages);
    const holds = messages
      .flatMap(({ id, send_at, files }) =>
        blobFiles(files).map(({ blob }) => ({ id, blob, until: Math.max(now, send_at ?? 0) + strayMs })),
      )
      .filter(({ id }) => !over.has(id));
    if (holds.length === 0) return true;
    const blobs = [...new Set(holds.map(({ blob }) => blob))];
    // This comes first and shows in the row of the file: who removes it meanwhile sees it, or is seen here.
    const { numUpdatedRows } = await db
      .updateTable('blobs')
      .set({ kept_until: now + settleMs })
      .where('blob', 'in', blobs)
      .where('removing', '=', 0)
      .executeTakeFirst();
    if (numUpdatedRows < blobs.length) return false;
    await sql`
      insert into blob_holds (message_id, blob, until)
      select value->>'id', value->>'blob', cast(value->>'until' as bigint) from ${ledger.rows(holds)} where true
      on conflict do nothing`.execute(db);
    return true;
  });
}

async function whichAreOver(ledger: Ledger, db: Db, messages: readonly SendMessage[]): Promise<Set<string>> {
  const { rows } = await sql<{ id: string; status: MessageStatus }>`
    select id, status from messages
    where id in (select value->>0 from ${ledger.rows(messages.map(({ id }) => [id]))})`.execute(db);
  return new Set(rows.filter(({ status }) => isFinal(status)).map(({ id }) => id));
}

/** Messages were not put on the broker after all; their files are kept for a while, for a second try. @throws LedgerAway */
export function unholdBlobs(ledger: Ledger, messages: readonly SendMessage[]): Promise<void> {
  const blobs = new Set(messages.flatMap(({ files }) => blobFiles(files).map(({ blob }) => blob)));
  return ledger.write(async (db) => {
    await db
      .updateTable('blobs')
      .set({ kept_until: Date.now() + strayMs })
      .where('blob', 'in', [...blobs])
      .execute();
    await releaseBlobs(ledger, db, messages);
  });
}

/** These messages are over, or were never sent. */
export async function releaseBlobs(ledger: Ledger, db: Db, messages: readonly { id: string }[]): Promise<void> {
  if (messages.length === 0) return;
  const ids = messages.map(({ id }) => ({ id }));
  await sql`delete from blob_holds where message_id in (select value->>'id' from ${ledger.rows(ids)})`.execute(db);
}

/**
 * Chooses files to remove: those that no message needs any more, or these. From then on no message can come to need one.
 * They are to be removed and then {@link forgetBlobs forgotten}; after a crash they are chosen again. @throws LedgerAway
 */
export function blobsToRemove(ledger: Ledger, these?: readonly string[]): Promise<string[]> {
  const now = Date.now();
  return ledger.write(async (db) => {
    const idle = db
      .selectFrom('blobs')
      .select('blob')
      .where((has) =>
        has.not(
          has.exists(has.selectFrom('blob_holds').select('until').whereRef('blob_holds.blob', '=', 'blobs.blob')),
        ),
      )
      .limit(most);
    const chosen = await (these ? idle.where('blob', 'in', [...these]) : idle.where('kept_until', '<=', now)).execute();
    if (chosen.length === 0) return [];
    const blobs = chosen.map(({ blob }) => blob);
    let removal = db.updateTable('blobs').set({ removing: 1 }).where('blob', 'in', blobs);
    if (!these) removal = removal.where('kept_until', '<=', now);
    return (await removal.returning('blob').execute()).map(({ blob }) => blob);
  });
}

/** The bytes of these files are removed. @throws LedgerAway */
export async function forgetBlobs(ledger: Ledger, blobs: readonly string[]): Promise<void> {
  await ledger.write((db) =>
    db
      .deleteFrom('blobs')
      .where('blob', 'in', [...blobs])
      .execute(),
  );
}

/** Lets go of files of messages that nobody has ever seen, a day after they were due: a crash kept them from the broker. @throws LedgerAway */
export async function releaseUnsent(ledger: Ledger): Promise<void> {
  await ledger.write((db) =>
    db
      .deleteFrom('blob_holds')
      .where('until', '<', Date.now())
      .where((has) =>
        has.not(
          has.exists(
            has
              .selectFrom('messages')
              .select('id')
              .whereRef('messages.id', '=', 'blob_holds.message_id')
              .where('status', 'not in', finalStatuses),
          ),
        ),
      )
      .execute(),
  );
}
