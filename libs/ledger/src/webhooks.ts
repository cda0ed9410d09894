import type { MessageStatus, WebhookOrder, WebhookReport } from '@app/contracts';
import type { Selectable } from 'kysely';
import type { StoredEvent } from './events';
import type { Ledger } from './ledger';
import type { WebhookRetriesTable, WebhooksTable } from './schema';
import { chatOf, chatText, plain } from './text';

/** Somebody who wants to be posted events. */
export type Webhook = Omit<Selectable<WebhooksTable>, 'events'> & { events: MessageStatus[] };
/** An event that is to be posted once more. */
export type Retry = Pick<WebhookRetriesTable, 'seq' | 'tries' | 'next_at'>;

const webhook = (row: Selectable<WebhooksTable>): Webhook => ({
  ...row,
  events: JSON.parse(row.events) as MessageStatus[],
});

/**
 * Makes a webhook, which is told of what happens from now on, or changes one, which goes on where it was.
 *
 * @param secret Taken where the order has none and there is none yet.
 * @throws LedgerAway
 */
export function putWebhook(
  ledger: Ledger,
  name: string,
  order: WebhookOrder,
  secret: string,
): Promise<{ isNew: boolean; webhook: Webhook }> {
  return ledger.write(async (db) => {
    const standing = await db.selectFrom('webhooks').selectAll().where('name', '=', name).executeTakeFirst();
    const last = await db.selectFrom('events').select((of) => of.fn.max('seq').as('seq')).executeTakeFirst(); // prettier-ignore
    const wanted = {
      url: order.url,
      events: JSON.stringify(order.events.map((event) => event.slice('message.'.length))),
      chat_id: chatText(order.chat_id),
      secret: order.secret ?? standing?.secret ?? secret,
      ...{ tries: 0, next_at: 0, failing_since: null, disabled_at: null, disabled_why: null, last_error: null },
    };
    const row = await db
      .insertInto('webhooks')
      .values({ name, created_at: Date.now(), seq: last?.seq ?? 0, ...wanted })
      .onConflict((conflict) => conflict.column('name').doUpdateSet(wanted))
      .returningAll()
      .executeTakeFirstOrThrow();
    return { isNew: !standing, webhook: webhook(row) };
  });
}

/** All of them, or the one of that name. @throws LedgerAway */
export async function findWebhooks(ledger: Ledger, name?: string): Promise<Webhook[]> {
  const rows = await ledger.read((db) => {
    const all = db.selectFrom('webhooks').selectAll().orderBy('name');
    return (name === undefined ? all : all.where('name', '=', plain(name))).execute();
  });
  return rows.map(webhook);
}

/** False where there was none. @throws LedgerAway */
export function deleteWebhook(ledger: Ledger, name: string): Promise<boolean> {
  return ledger.write(async (db) => {
    await db.deleteFrom('webhook_retries').where('name', '=', plain(name)).execute();
    const gone = await db.deleteFrom('webhooks').where('name', '=', plain(name)).returning('name').execute();
    return gone.length > 0;
  });
}

/** Events that this receiver did not take before and whose time has come. @throws LedgerAway */
export function dueRetries(ledger: Ledger, name: string, limit: number): Promise<(StoredEvent & Retry)[]> {
  return ledger.read((db) =>
    db
      .selectFrom('webhook_retries as again')
      .innerJoin('events', 'events.seq', 'again.seq')
      .select(['again.seq', 'again.tries', 'again.next_at', 'events.status', 'events.message_id', 'events.data'])
      .where('again.name', '=', name)
      .where('again.next_at', '<=', Date.now())
      .orderBy('again.seq')
      .limit(limit)
      .execute(),
  );
}

/** What came of a round of posts. */
export interface Round {
  standing: Pick<
    Webhook,
    'seq' | 'tries' | 'next_at' | 'failing_since' | 'disabled_at' | 'disabled_why' | 'last_error'
  >;
  /** Numbers of events that need not be tried any more. */
  settled: number[];
  again: Retry[];
}

/** Notes a round, unless the webhook was deleted or leads elsewhere by now. @throws LedgerAway */
export async function noteRound(ledger: Ledger, { name, url }: Webhook, round: Round): Promise<void> {
  const standing = { ...round.standing, last_error: plain(round.standing.last_error) };
  await ledger.write(async (db) => {
    const stands = await db
      .updateTable('webhooks')
      .set(standing)
      .where('name', '=', name)
      .where('url', '=', url)
      .returning('name')
      .execute();
    if (stands.length === 0) return;
    const { settled, again } = round;
    if (settled.length > 0)
      await db.deleteFrom('webhook_retries').where('name', '=', name).where('seq', 'in', settled).execute();
    for (const retry of again) {
      await db
        .insertInto('webhook_retries')
        .values({ name, ...retry })
        .onConflict((conflict) => conflict.columns(['name', 'seq']).doUpdateSet(retry))
        .execute();
    }
  });
}

/** A webhook as the API shows it. */
export function reportOf(hook: Webhook): WebhookReport {
  const { name, url, events, chat_id, created_at, failing_since, disabled_at, disabled_why, last_error } = hook;
  const status = disabled_at !== null ? 'disabled' : failing_since !== null ? 'failing' : 'active';
  const moment = (at: number) => new Date(at).toISOString();
  return {
    ...{ name, url, events: events.map((one) => `message.${one}` as const), status, created_at: moment(created_at) },
    ...(chat_id !== null && { chat_id: chatOf(chat_id) }),
    ...(failing_since !== null && { failing_since: moment(failing_since) }),
    ...(last_error !== null && { last_error }),
    ...(disabled_at !== null && { disabled: { at: moment(disabled_at), why: disabled_why ?? '' } }),
  };
}
