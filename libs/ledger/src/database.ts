import Libsql from 'libsql';
import { Kysely, PostgresDialect, sql, SqliteDialect } from 'kysely';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Pool, types } from 'pg';
import type { Dialect } from './dialect';
import { migrations } from './migrations';
import type { Schema } from './schema';

export type Db = Kysely<Schema>;

/** One open database and the few things that its two kinds do differently. */
export interface Database {
  dialect: Dialect;
  db: Db;
  /** Takes the steps together or not at all; no other writer of any process is in between. */
  write: <T>(steps: (db: Db) => Promise<T>) => Promise<T>;
  close: () => Promise<void>;
}

/** Any number that all writers agree on: PostgreSQL lets one of them in at a time, as SQLite does by itself. */
const writersLock = 0x7e1e;
/** Longest wait for another process that writes, and for a server that does not answer, in milliseconds. */
const patienceMs = 5_000;

/**
 * Opens the database of `DATABASE_URL`, making the file where there is none, and takes every migration that is missing.
 * Two processes that open a new one at once take turns.
 *
 * @throws What the driver says, when it cannot be opened.
 */
export async function openDatabase(url: string): Promise<Database> {
  const database = url.startsWith('file:') ? await openSqlite(url.slice('file:'.length)) : openPostgres(url);
  try {
    await database.write((db) => migrate(db, database.dialect));
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function openSqlite(file: string): Promise<Database> {
  mkdirSync(dirname(file), { recursive: true });
  const connection = new Libsql(file);
  // Readers do not wait for writers. A commit outlives a kill -9 of the process; the broker has what a power cut takes.
  await unlocked(() => connection.pragma('journal_mode = WAL'));
  connection.pragma('synchronous = NORMAL');
  // A checkpoint stops this process while the disk writes: 32 MiB at a time, in pages of 4 KiB, instead of 4 MiB.
  connection.pragma('wal_autocheckpoint = 8192');
  connection.pragma('journal_size_limit = 67108864');
  connection.pragma('cache_size = -16384'); // KiB: the upper pages of every index stay in memory.
  const db = new Kysely<Schema>({
    dialect: new SqliteDialect({ database: connection }),
  });
  // Not by a prepared statement: libsql leaves one that found the lock taken open, and then nothing can commit.
  return databaseOf('sqlite', db, () => unlocked(() => connection.exec('begin immediate')));
}

/** Tries until no other process holds the lock. SQLite's own waiting would stop this process, and whoever it talks to. */
async function unlocked(step: () => unknown): Promise<void> {
  for (const start = performance.now(); ; await pause(lockedMs)) {
    try {
      return void step();
    } catch (error) {
      if (!isLocked(error) || performance.now() - start > patienceMs) throw error;
    }
  }
}

/** `pg` gives these as text, since they can exceed what a number holds exactly; ours cannot. */
const bigint: number = types.builtins.INT8;

function openPostgres(url: string): Database {
  const pool = new Pool({
    connectionString: url,
    max: 4,
    connectionTimeoutMillis: patienceMs,
    query_timeout: 2 * patienceMs,
    keepAlive: true,
    application_name: 'telegramq',
    // Moments and sequence numbers stay far below 2^53.
    types: {
      getTypeParser: (id, format) => ((id as number) === bigint ? Number : types.getTypeParser(id, format)) as never,
    },
  });
  // A connection broke, idle or between two queries: the next query says so, or gets another one.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  return databaseOf('postgres', db, async (on) => {
    await sql`begin`.execute(on);
    await sql`select pg_advisory_xact_lock(${sql.lit(writersLock)})`.execute(on);
  });
}

const isLocked = (error: unknown): boolean => (Object(error) as { code?: unknown }).code === 'SQLITE_BUSY';
/** Pause between two tries for the lock, in milliseconds: a transaction takes about as long. */
const lockedMs = 2;

/** @param begin Opens a transaction that may write. */
function databaseOf(dialect: Dialect, db: Db, begin: (on: Db) => Promise<void>): Database {
  return {
    dialect,
    db,
    write: (steps) =>
      db.connection().execute(async (connection) => {
        try {
          await begin(connection);
          const result = await steps(connection);
          await sql`commit`.execute(connection);
          return result;
        } catch (error) {
          // Where the connection is gone, so is the transaction.
          await sql`rollback`.execute(connection).catch(() => undefined);
          throw error;
        }
      }),
    close: () => db.destroy(),
  };
}

async function migrate(db: Db, dialect: Dialect): Promise<void> {
  await sql`create table if not exists migrations (name text primary key, at bigint not null)`.execute(db);
  const { rows } = await sql<{ name: string }>`select name from migrations`.execute(db);
  const taken = new Set(rows.map(({ name }) => name));
  for (const [name, migration] of Object.entries(migrations(dialect))) {
    if (taken.has(name)) continue;
    await migration.up(db);
    await sql`insert into migrations (name, at) values (${name}, ${Date.now()})`.execute(db);
  }
}
