import type { SendMessage } from '@app/contracts';
import { sql } from 'kysely';
import type { Db } from './database';
import { Group } from './group';
import type { Ledger } from './ledger';
import type { IdempotencyKeysTable } from './schema';
import { plain } from './text';

/** A request that asks to be taken once. */
export interface Claim {
  /** Who asks and where: keys of different scopes have nothing to do with each other. */
  scope: string;
  key: string;
  /** SHA-256 of the body. */
  fingerprint: string;
  /** What it asks for, should it be the first. */
  commands: SendMessage[];
}

/**
 * What a claim leads to.
 *
 * - `first`: enqueue these commands, then {@link IdempotencyKeys.finish}. They are an earlier request's where that one
 *   failed or its process died: the same ids, and so nothing doubles however far it had come.
 * - `done`: these commands are on the broker already.
 * - `busy`: somebody is at it right now.
 * - `other-body`: the key was used for something else.
 */
export type Claimed =
  | { kind: 'first'; commands: SendMessage[] }
  | { kind: 'done'; commands: SendMessage[] }
  | { kind: 'busy' }
  | { kind: 'other-body' };

/** How long a key is remembered, in milliseconds: 24 hours. */
export const keyLifeMs = 86_400_000;
/** After that time a process that is at it must have died, in milliseconds: an answer leaves within 5 s. */
const diedMs = 10_000;

type Row = Pick<IdempotencyKeysTable, 'scope' | 'key' | 'fingerprint' | 'commands' | 'state' | 'touched_at'>;

/** Keys under which requests were taken, for all producers and the inbox. */
export class IdempotencyKeys {
  private readonly claims = new Group((claims: Claim[]) => this.claimAll(claims));
  private readonly ends = new Group((ends: End[]) => this.finishAll(ends));

  constructor(private readonly ledger: Ledger) {}

  /** @throws LedgerAway */
  claim(claim: Claim): Promise<Claimed> {
    return this.claims.add({ ...claim, scope: plain(claim.scope), key: plain(claim.key) });
  }

  /** Notes whether the broker has taken the commands of a claim that was `first`. @throws LedgerAway */
  finish({ scope, key }: Claim, state: 'done' | 'open'): Promise<void> {
    return this.ends.add({ scope: plain(scope), key: plain(key), state });
  }

  private claimAll(claims: Claim[]): Promise<Claimed[]> {
    const now = Date.now();
    return this.ledger.write(async (db) => {
      const standing = new Map((await this.find(db, claims, now)).map((row) => [nameOf(row), row]));
      const taken = new Map<string, Row>();
      const results = claims.map((claim): Claimed => {
        const row = standing.get(nameOf(claim));
        const result = judge(claim, row, now);
        if (result.kind === 'first') {
          const commands = JSON.stringify(result.commands);
          const { scope, key, fingerprint } = claim;
          taken.set(nameOf(claim), { scope, key, fingerprint, commands, state: 'pending', touched_at: now });
          standing.set(nameOf(claim), taken.get(nameOf(claim)) as Row);
        }
        return result;
      });
      if (taken.size > 0) await this.store(db, [...taken.values()], now);
      return results;
    });
  }

  private async find(db: Db, claims: Claim[], now: number): Promise<Row[]> {
    const keys = claims.map(({ scope, key }) => ({ scope, key }));
    const { rows } = await sql<Row>`
      select k.scope, k.key, k.fingerprint, k.commands, k.state, k.touched_at
      from (select value->>'scope' as scope, value->>'key' as key from ${this.ledger.rows(keys)}) as wanted
      join idempotency_keys k on k.scope = wanted.scope and k.key = wanted.key
      where k.expires_at > ${now}`.execute(db);
    return rows;
  }

  private async store(db: Db, rows: Row[], now: number): Promise<void> {
    await sql`
      insert into idempotency_keys (scope, key, fingerprint, commands, state, touched_at, expires_at)
      select value->>'scope', value->>'key', value->>'fingerprint', value->>'commands', 'pending',
        cast(${now} as bigint), cast(${now + keyLifeMs} as bigint)
      from ${this.ledger.rows(rows)} where true
      on conflict (scope, key) do update set fingerprint = excluded.fingerprint, commands = excluded.commands,
        state = excluded.state, touched_at = excluded.touched_at, expires_at = excluded.expires_at`.execute(db);
  }

  private finishAll(ends: End[]): Promise<void[]> {
    return this.ledger.write(async (db) => {
      await sql`
        update idempotency_keys set state = told.state
        from (select value->>'scope' as scope, value->>'key' as key, value->>'state' as state
          from ${this.ledger.rows(ends)}) as told
        where idempotency_keys.scope = told.scope and idempotency_keys.key = told.key`.execute(db);
      return ends.map(() => undefined);
    });
  }
}

interface End {
  scope: string;
  key: string;
  state: 'done' | 'open';
}

const nameOf = ({ scope, key }: { scope: string; key: string }): string => `${scope} ${key}`;

function judge({ fingerprint, commands }: Claim, row: Row | undefined, now: number): Claimed {
  if (!row) return { kind: 'first', commands };
  if (row.fingerprint !== fingerprint) return { kind: 'other-body' };
  const earlier = (): SendMessage[] => JSON.parse(row.commands) as SendMessage[];
  if (row.state === 'done') return { kind: 'done', commands: earlier() };
  if (row.state === 'pending' && now - row.touched_at < diedMs) return { kind: 'busy' };
  return { kind: 'first', commands: earlier() };
}
