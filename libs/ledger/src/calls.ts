import type { CallAnswer, MessageStatus, Reason } from '@app/contracts';
import { sql } from 'kysely';
import type { Db } from './database';
import { Group } from './group';
import { keyLifeMs } from './idempotency';
import type { Ledger } from './ledger';
import type { CallsTable } from './schema';

/** A call of the Bot API door, as a client makes it. */
export interface CallClaim {
  /** The message that it becomes, unless it is the repetition of a call that nobody waits for. */
  id: string;
  fingerprint: string;
  /** Producers that are known to be gone, and with them their clients. */
  gone: readonly string[];
}

/** Where the message of a call stands; without `status` nobody knows whether the broker has it. */
export interface CallStanding {
  answer?: CallAnswer;
  status?: MessageStatus;
  reason?: Reason;
  /** Before that moment (Unix milliseconds) Telegram takes nothing for its chat, or from its bot; it may have passed. */
  heldUntil?: number;
}

/**
 * What a claim leads to.
 *
 * - `new`: it is on record as that message, which the broker does not have yet.
 * - `joined`: it is the repetition of a call whose message is this one.
 * - `waited-for`: only calls of the same fingerprint that somebody waits for were found, at those producers. Nothing is on
 *   record; claim again with those of them that are `gone`.
 */
export type CallClaimed =
  | { kind: 'new' }
  | ({ kind: 'joined'; id: string } & CallStanding)
  | { kind: 'waited-for'; by: { id: string; waiter: string }[] };

type Row = Pick<CallsTable, 'message_id' | 'waiter' | 'answer'> & {
  status: MessageStatus | null;
  reason: Reason | null;
  held_until: number | null;
};

/** Calls of the Bot API door until a client has their answer, of all producers. */
export class Calls {
  private readonly claims = new Group((claims: (CallClaim & { isSure: boolean })[]) => this.claimAll(claims));
  private readonly leaves = new Group((ids: string[]) => this.leaveAll(ids));
  private readonly ends = new Group((ids: string[]) => this.forgetAll(ids));

  /** @param producer Whose clients these are; unlike that of any other process. */
  constructor(
    private readonly ledger: Ledger,
    private readonly producer: string,
  ) {}

  /**
   * @param isSure Whether nothing more can be found out about who waits.
   * @throws LedgerAway
   */
  claim(claim: CallClaim, isSure: boolean): Promise<CallClaimed> {
    return this.claims.add({ ...claim, isSure });
  }

  /** The client of that message waits no more; its repetition may join. @throws LedgerAway */
  leave(id: string): Promise<void> {
    return this.leaves.add(id);
  }

  /** Where the message of a client of this producer stands. @throws LedgerAway */
  async look(id: string): Promise<CallStanding> {
    const [row] = await this.ledger.read((db) => this.find(db, sql`${this.ours} and c.message_id = ${id}`));
    return row ? standingOf(row) : {};
  }

  /** A client has got the answer, or nothing has come of the call. @throws LedgerAway */
  forget(id: string): Promise<void> {
    return this.ends.add(id);
  }

  /** What clients of this producer wait for. @throws LedgerAway */
  async all(): Promise<({ id: string } & CallStanding)[]> {
    const rows = await this.ledger.read((db) => this.find(db, this.ours));
    return rows.map((row) => ({ id: row.message_id, ...standingOf(row) }));
  }

  private claimAll(claims: (CallClaim & { isSure: boolean })[]): Promise<CallClaimed[]> {
    const waiter = this.producer;
    return this.ledger.write(async (db) => {
      const results: CallClaimed[] = [];
      const standing = await this.sameAs(db, claims);
      const fresh: CallClaim[] = [];
      for (const claim of claims) {
        const { id, fingerprint, gone, isSure } = claim;
        const rows = standing.get(fingerprint) ?? [];
        const free = rows.find((row) => row.waiter === null || gone.includes(row.waiter));
        const others = rows.flatMap((row) => (row.waiter === null ? [] : [{ id: row.message_id, waiter: row.waiter }]));
        if (free) {
          await db.updateTable('calls').set({ waiter }).where('message_id', '=', free.message_id).execute();
          results.push({ kind: 'joined', id: free.message_id, ...standingOf(free) });
          free.waiter = waiter;
        } else if (others.length > 0 && !isSure) {
          results.push({ kind: 'waited-for', by: others });
        } else {
          fresh.push(claim);
          standing.set(fingerprint, [
            ...rows,
            { message_id: id, waiter, answer: null, status: null, reason: null, held_until: null },
          ]);
          results.push({ kind: 'new' });
        }
      }
      await this.insert(db, fresh);
      return results;
    });
  }

  /** Calls of the same fingerprint as these, the oldest first. */
  private async sameAs(db: Db, claims: readonly CallClaim[]): Promise<Map<string, Row[]>> {
    const fingerprints = claims.map(({ fingerprint }) => [fingerprint]);
    const wanted = sql`c.fingerprint in (select value->>0 from ${this.ledger.rows(fingerprints)})
      and c.expires_at > ${Date.now()}`;
    const all = new Map<string, Row[]>();
    for (const row of await this.find(db, wanted)) all.set(row.fingerprint, [...(all.get(row.fingerprint) ?? []), row]);
    return all;
  }

  private async find(db: Db, where: ReturnType<typeof sql>): Promise<(Row & { fingerprint: string })[]> {
    const { rows } = await sql<Row & { fingerprint: string }>`
      select c.message_id, c.fingerprint, c.waiter, c.answer, m.status, m.reason,
        (select max(h.until) from holds h where h.bot = m.bot and h.chat_id in ('', m.chat_id)) as held_until
      from calls c left join messages m on m.id = c.message_id where ${where} order by c.message_id`.execute(db);
    return rows;
  }

  private async insert(db: Db, claims: readonly CallClaim[]): Promise<void> {
    if (claims.length === 0) return;
    const rows = claims.map(({ id, fingerprint }) => [id, fingerprint, this.producer]);
    await sql`
      insert into calls (message_id, fingerprint, waiter, expires_at)
      select value->>0, value->>1, value->>2, cast(${Date.now() + keyLifeMs} as bigint)
      from ${this.ledger.rows(rows)}`.execute(db);
  }

  private leaveAll(ids: string[]): Promise<void[]> {
    return this.ledger.write(async (db) => {
      await sql`update calls set waiter = null where waiter = ${this.producer} and ${this.among(ids)}`.execute(db);
      return ids.map(() => undefined);
    });
  }

  private forgetAll(ids: string[]): Promise<void[]> {
    return this.ledger.write(async (db) => {
      await sql`delete from calls where ${this.among(ids)}`.execute(db);
      return ids.map(() => undefined);
    });
  }

  private get ours() {
    return sql`c.waiter = ${this.producer}`;
  }

  private among(ids: readonly string[]) {
    return sql`message_id in (select value->>0 from ${this.ledger.rows(ids.map((id) => [id]))})`;
  }
}

const standingOf = ({ answer, status, reason, held_until }: Row): CallStanding => ({
  ...(answer !== null && { answer: JSON.parse(answer) as CallAnswer }),
  ...(status !== null && { status }),
  ...(reason !== null && { reason }),
  ...(held_until !== null && { heldUntil: held_until }),
});
