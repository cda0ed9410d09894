import { Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { sql } from 'kysely';
import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { isAway, LedgerAway } from './away';
import { openDatabase, type Database, type Db } from './database';

/** Pause between two looks whether the ledger is back, in milliseconds. */
const retryMs = 500;

/**
 * The record of messages, kept beside the broker: what became of them, not what is still to be done. It may be away when
 * the process starts, and at any time after; it comes back by itself.
 */
export class Ledger implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(Ledger.name);
  private database: Database | undefined;
  private isUp = false;
  private readonly closing = new AbortController();
  private watching: Promise<void> | undefined;

  /** @param url `file:<path>` for SQLite, `postgres://…` for PostgreSQL. */
  constructor(private readonly url: string) {
    setMaxListeners(0, this.closing.signal); // One for each piece of work that insists.
  }

  /** True while the last try to write went well. */
  get available(): boolean {
    return this.isUp;
  }

  /** Opens it and goes on trying; resolves at once. */
  onModuleInit(): void {
    this.watching ??= this.watch();
  }

  async onApplicationShutdown(): Promise<void> {
    this.closing.abort();
    await this.watching;
    await this.database?.close();
    this.database = undefined;
    this.isUp = false;
  }

  /** Asks. @throws LedgerAway */
  read<T>(question: (db: Db) => Promise<T>): Promise<T> {
    return this.use(({ db }) => question(db));
  }

  /** Writes, all of it or nothing, with no other writer in between. @throws LedgerAway */
  write<T>(steps: (db: Db) => Promise<T>): Promise<T> {
    return this.use((database) => database.write(steps));
  }

  /**
   * Tries again while the ledger is away.
   *
   * @throws LedgerAway only when it closes, or the signal aborts, or so many milliseconds have passed.
   */
  async insist<T>(work: () => Promise<T>, forMs = Infinity, signal?: AbortSignal): Promise<T> {
    for (const start = performance.now(); ;) {
      try {
        return await work();
      } catch (error) {
        const isLate = performance.now() - start > forMs || this.closing.signal.aborted || signal?.aborted;
        if (!(error instanceof LedgerAway) || isLate) throw error;
        await pause(retryMs, undefined, { signal: signal ?? this.closing.signal }).catch(() => undefined);
      }
    }
  }

  /** The list function of this database: turns one JSON parameter into rows whose column `value` has `->>`. */
  rows(list: readonly unknown[]) {
    const json = JSON.stringify(list);
    return this.database?.dialect === 'postgres' ? sql`jsonb_array_elements(${json}::jsonb)` : sql`json_each(${json})`;
  }

  private async use<T>(work: (database: Database) => Promise<T>): Promise<T> {
    if (!this.database || !this.isUp) throw new LedgerAway();
    try {
      return await work(this.database);
    } catch (error) {
      if (error instanceof LedgerAway || !isAway(error)) throw error;
      if (this.isUp) this.logger.error(`The ledger is away: ${(error as Error).message}`);
      this.isUp = false;
      throw new LedgerAway(error);
    }
  }

  /** Opens it, and while it is away looks whether it takes writes again. */
  private async watch(): Promise<void> {
    for (; !this.closing.signal.aborted; await pause(retryMs, undefined, this.closing).catch(() => undefined)) {
      if (this.isUp) continue;
      try {
        this.database ??= await openDatabase(this.url);
        await this.database.write(probe);
        this.isUp = true;
        this.logger.log('The ledger is ready');
      } catch (error) {
        this.logger.warn(`The ledger cannot be opened or written, trying again: ${(error as Error).message}`);
      }
    }
  }
}

/** A full disk can be read, so only a write tells. */
const probe = (db: Db) =>
  db
    .insertInto('cursors')
    .values({ name: 'probe', seq: Date.now() })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ seq: Date.now() }))
    .execute();
