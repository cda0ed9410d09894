import type { Ledger } from './ledger';

/**
 * Makes one process at a time responsible for a piece of work; the holder renews by asking again before the end.
 *
 * @param holder A name that no other process has.
 * @param forMs How long it holds, in milliseconds; after a crash somebody else waits for so long.
 * @returns Whether it is the holder now.
 * @throws LedgerAway
 */
export function takeLease(ledger: Ledger, name: string, holder: string, forMs: number): Promise<boolean> {
  return ledger.write(async (db) => {
    const now = Date.now();
    const standing = await db.selectFrom('leases').selectAll().where('name', '=', name).executeTakeFirst();
    if (standing && standing.holder !== holder && standing.until > now) return false;
    const lease = { holder, until: now + forMs };
    await db
      .insertInto('leases')
      .values({ name, ...lease })
      .onConflict((conflict) => conflict.column('name').doUpdateSet(lease))
      .execute();
    return true;
  });
}
