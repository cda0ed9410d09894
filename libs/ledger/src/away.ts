/** The ledger cannot be asked or written now: its disk is full, its server is gone, or it is not open yet. */
export class LedgerAway extends Error {
  constructor(cause?: unknown) {
    super('the ledger cannot be used now', { cause });
    this.name = LedgerAway.name;
  }
}

/** Faults of ours, which no waiting mends: SQL, constraints and types; of SQLite by name, of PostgreSQL by class. */
const bugs = /^(SQLITE_(ERROR|CONSTRAINT\w*|MISMATCH|RANGE|MISUSE)|2[123]\w{3}|42\w{3})$/;

/** Whether an error of a driver says that the database is away; everything else is a bug. */
export function isAway(error: unknown): boolean {
  const { code } = Object(error) as { code?: unknown };
  if (error instanceof TypeError || error instanceof RangeError) return false;
  return typeof code !== 'string' || !bugs.test(code);
}
