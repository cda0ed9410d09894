import type { Ledger } from './ledger';

/** What Telegram calls a file that a bot has uploaded. */
export interface FileId {
  bot: string;
  likeness: string;
  fileId: string;
}

/** What is known of a bot's files, the latest first. @throws LedgerAway */
export function findFileIds(ledger: Ledger, bot: string, most: number): Promise<FileId[]> {
  return ledger.read(async (db) => {
    const rows = await db
      .selectFrom('file_ids')
      .select(['likeness', 'file_id'])
      .where('bot', '=', bot)
      .orderBy('at', 'desc')
      .limit(most)
      .execute();
    return rows.map(({ likeness, file_id }) => ({ bot, likeness, fileId: file_id }));
  });
}

/** @throws LedgerAway */
export async function rememberFileIds(ledger: Ledger, ids: readonly FileId[]): Promise<void> {
  const rows = ids.map(({ bot, likeness, fileId }) => ({ bot, likeness, file_id: fileId, at: Date.now() }));
  await ledger.write((db) =>
    db
      .insertInto('file_ids')
      .values(rows)
      .onConflict((conflict) =>
        conflict
          .columns(['bot', 'likeness'])
          .doUpdateSet((row) => ({ file_id: row.ref('excluded.file_id'), at: row.ref('excluded.at') })),
      )
      .execute(),
  );
}

/** Telegram does not know these any more. @throws LedgerAway */
export async function forgetFileIds(ledger: Ledger, bot: string, fileIds: readonly string[]): Promise<void> {
  await ledger.write((db) =>
    db
      .deleteFrom('file_ids')
      .where('bot', '=', bot)
      .where('file_id', 'in', [...fileIds])
      .execute(),
  );
}
