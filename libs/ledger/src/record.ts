import { isFinal, type MessageStatus, type Reason, type SendMessage } from '@app/contracts';
import type { BeforeApplicationShutdown } from '@nestjs/common';
import { sql } from 'kysely';
import { setTimeout as pause } from 'node:timers/promises';
import { writeAnswers, type Answered } from './answers';
import { releaseBlobs } from './blobs';
import type { Db } from './database';
import { findTarget } from './edits';
import { addEvents } from './events';
import { Group } from './group';
import type { Ledger } from './ledger';
import { eventOf, rowOf, type MessageRow } from './message-row';
import { fresh, seen, type Known, type Seen } from './seen';

/** Longest wait for what is noted behind, where the ledger is away, in milliseconds. */
const longestFlushMs = 1_000;
/** Gathers for so long what nobody waits for, in milliseconds. */
const writeBehindMs = 50;
/** Most bodies that wait to be written behind, in characters; beyond it the consumer is left to record them. */
const mostBehind = 16 * 1024 * 1024;

/** What producer and consumer write of each message, grouped. The broker stays the truth for what is to be delivered. */
export class MessageRecord implements BeforeApplicationShutdown {
  private readonly behind = new Group(
    (rows: MessageRow[]) => this.ledger.insist(() => this.insert(rows)),
    writeBehindMs,
  );
  private readonly beginnings = new Group((commands: SendMessage[]) => this.beginAll(commands));
  private readonly answers = new Group((all: Answered[]) => writeAnswers(this.ledger, all));
  private size = 0;
  private last: Promise<unknown> = Promise.resolve();

  /** @param keepsBodies Whether the content of messages is kept, for replays. */
  constructor(
    private readonly ledger: Ledger,
    private readonly keepsBodies: boolean,
  ) {}

  /** Notes accepted messages soon; nobody waits for it, and the consumer makes up for what is lost here. */
  queued(commands: readonly SendMessage[]): void {
    if (this.size > mostBehind) return;
    for (const command of commands) {
      const row = rowOf(command, this.keepsBodies);
      this.size += row.size;
      this.last = this.behind
        .add(row)
        .catch(() => undefined) // It is closing; the consumer records it.
        .finally(() => (this.size -= row.size));
    }
  }

  /** Waits for what has been noted so far, so that whoever was answered can ask for it. */
  async flushed(): Promise<void> {
    await Promise.race([this.last, pause(longestFlushMs)]);
  }

  /** What comes after this, while the last requests end, is left to the consumer. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.flushed();
  }

  /** What is known of a message, without changing it. @throws LedgerAway */
  look(command: SendMessage): Promise<Seen> {
    return this.ledger.read(async (db) => {
      const [known] = await this.known(db, [command]);
      return this.withTarget(db, command, known ? seen(known) : fresh);
    });
  }

  /** Notes that the call is begun, unless its fate is known or another call has no answer. @throws LedgerAway */
  begin(command: SendMessage): Promise<Seen> {
    return this.beginnings.add(command);
  }

  /** Makes a message free to be sent again, e.g. a dead letter that somebody has moved back. @throws LedgerAway */
  async reopen({ id }: SendMessage): Promise<void> {
    const now = Date.now();
    await this.ledger.write((db) =>
      db
        .updateTable('messages')
        .set({ status: 'queued', reason: null, description: null, sending_since: null, updated_at: now, tries: 0 })
        .where('id', '=', id)
        .execute(),
    );
  }

  /** Notes an answer, and where the message stands by it. @returns who has a client waiting for it @throws LedgerAway */
  answered(answer: Answered): Promise<string | undefined> {
    return this.answers.add(answer);
  }

  /** Notes a change that no call led to. @throws LedgerAway */
  async became(command: SendMessage, status: MessageStatus, reason: Reason, description?: string): Promise<void> {
    const at = Date.now();
    await this.ledger.write(async (db) => {
      await this.insertMissing(db, [rowOf(command, this.keepsBodies)]);
      const set = { status, reason, description: description ?? null, sending_since: null, updated_at: at };
      await db.updateTable('messages').set(set).where('id', '=', command.id).execute();
      if (command.files && isFinal(status)) await releaseBlobs(this.ledger, db, [command]);
      await addEvents(this.ledger, db, [eventOf(command, status, at, { reason, description })]);
    });
  }

  private async insert(rows: MessageRow[]): Promise<void[]> {
    await this.ledger.write((db) => this.insertMissing(db, rows));
    return rows.map(() => undefined);
  }

  /** Adds the messages that are not there yet, each once. */
  private async insertMissing(db: Db, rows: MessageRow[]): Promise<void> {
    const missing = new Map(rows.map((row) => [row.id, row]));
    for (const { id } of await this.known(db, rows)) missing.delete(id);
    await this.insertOn(db, [...missing.values()]);
  }

  /** Adds messages that are not there, each with its first event. No `returning`: it hands over row by row. */
  private async insertOn(db: Db, rows: MessageRow[]): Promise<void> {
    if (rows.length === 0) return;
    await sql`
      insert into messages (id, bot, method, chat_id, status, ref, created_at, updated_at, command, replay_of, parts,
        degradations, edit_of, place)
      select value->>0, value->>1, value->>2, value->>3, value->>8, value->>4, cast(value->>5 as bigint),
        cast(value->>5 as bigint), value->>6, value->>7, cast(value->>9 as integer), value->>10,
        value->>11, value->>12
      from ${this.ledger.rows(rows.map(({ values }) => values))}`.execute(db);
    await addEvents(this.ledger, db, rows.map(({ event }) => event)); // prettier-ignore
  }

  private beginAll(commands: SendMessage[]): Promise<Seen[]> {
    return this.ledger.write(async (db) => {
      const known = new Map((await this.known(db, commands)).map((row) => [row.id, row]));
      const results: Seen[] = [];
      for (const command of commands) {
        const row = known.get(command.id);
        results.push(await this.withTarget(db, command, row ? seen(row) : fresh));
      }
      const missing = commands.filter(({ id }) => !known.has(id));
      await this.insertOn(db, missing.map((command) => rowOf(command, this.keepsBodies))); // prettier-ignore
      const ids = commands.filter((_, at) => results[at]?.kind === 'free').map(({ id }) => ({ id }));
      const now = Date.now();
      await sql`update messages set status = 'sending', reason = null, sending_since = ${now}, updated_at = ${now}
        where id in (select value->>'id' from ${this.ledger.rows(ids)})`.execute(db);
      return results;
    });
  }

  /** An edit can only be made of what is there, and only while it is the newest. */
  private async withTarget(db: Db, command: SendMessage, own: Seen): Promise<Seen> {
    if (command.edit_of === undefined || !('tries' in own)) return own;
    const found = await findTarget(db, command);
    return found.kind === 'ready' ? { ...own, target: found.target } : found;
  }

  private async known(db: Db, wanted: { id: string }[]): Promise<Known[]> {
    const { rows } = await sql<Known>`select id, status, reason, sending_since, updated_at, tries, parts_done,
      message_ids from messages
      where id in (select value->>0 from ${this.ledger.rows(wanted.map(({ id }) => [id]))})`.execute(db);
    return rows;
  }
}
