import { sql, type Kysely, type Migration } from 'kysely';
import type { Dialect } from './dialect';
import { files } from './file-tables';
import type { Schema } from './schema';

type Db = Kysely<Schema>;

/** Every step from an empty database to the newest, by name; a step that has landed is never changed. */
export const migrations = (dialect: Dialect): Record<string, Migration> => ({
  '0001-record': { up: (db: Db) => record(db, dialect) },
  '0002-webhook-retries': { up: (db: Db) => webhookRetries(db) },
  '0003-waits': { up: (db: Db) => waits(db) },
  '0004-parts': { up: (db: Db) => parts(db) },
  '0005-files': { up: (db: Db) => files(db) },
  '0006-edits': { up: (db: Db) => edits(db) },
  '0007-answers': { up: (db: Db) => answers(db) },
});

async function record(db: Db, dialect: Dialect): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('messages')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('bot', 'text', (c) => c.notNull())
    .addColumn('method', 'text', (c) => c.notNull())
    .addColumn('chat_id', 'text')
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('reason', 'text')
    .addColumn('ref', 'text')
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('updated_at', 'bigint', (c) => c.notNull())
    .addColumn('sending_since', 'bigint')
    .addColumn('hops', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('message_ids', 'text')
    .addColumn('command', 'text')
    .addColumn('replay_of', 'text')
    .execute();
  await schema.createIndex('messages_by_chat').on('messages').columns(['chat_id', 'id']).execute();
  await schema.createIndex('messages_by_status').on('messages').columns(['status', 'id']).execute();
  await sql`create index messages_by_ref on messages (ref, id) where ref is not null`.execute(db);
  await schema
    .createTable('attempts')
    .addColumn('message_id', 'text', (c) => c.notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addColumn('duration_ms', 'integer', (c) => c.notNull())
    .addColumn('outcome', 'text', (c) => c.notNull())
    .addColumn('reason', 'text')
    .addColumn('error_code', 'integer')
    .addColumn('description', 'text')
    .addColumn('retry_after', 'integer')
    .addPrimaryKeyConstraint('attempts_key', ['message_id', 'at'])
    .execute();
  await schema
    .createTable('events')
    .addColumn('seq', dialect === 'sqlite' ? 'integer' : 'bigserial', (c) =>
      dialect === 'sqlite' ? c.primaryKey().autoIncrement() : c.primaryKey(),
    )
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addColumn('message_id', 'text', (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('bot', 'text', (c) => c.notNull())
    .addColumn('chat_id', 'text')
    .addColumn('data', 'text', (c) => c.notNull())
    .execute();
  await schema
    .createTable('idempotency_keys')
    .addColumn('scope', 'text', (c) => c.notNull())
    .addColumn('key', 'text', (c) => c.notNull())
    .addColumn('fingerprint', 'text', (c) => c.notNull())
    .addColumn('commands', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('touched_at', 'bigint', (c) => c.notNull())
    .addColumn('expires_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('idempotency_keys_key', ['scope', 'key'])
    .execute();
  await schema.createIndex('idempotency_keys_by_end').on('idempotency_keys').column('expires_at').execute();
  await schema
    .createTable('chats')
    .addColumn('bot', 'text', (c) => c.notNull())
    .addColumn('chat_id', 'text', (c) => c.notNull())
    .addColumn('migrated_to', 'text')
    .addColumn('suppressed_reason', 'text')
    .addColumn('suppressed_at', 'bigint')
    .addColumn('updated_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('chats_key', ['bot', 'chat_id'])
    .execute();
  await deadLettersAndReaders(db);
}

async function deadLettersAndReaders({ schema }: Db): Promise<void> {
  await schema
    .createTable('dead_letters')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('message_id', 'text')
    .addColumn('bot', 'text')
    .addColumn('chat_id', 'text')
    .addColumn('reason', 'text', (c) => c.notNull())
    .addColumn('description', 'text')
    .addColumn('error_code', 'integer')
    .addColumn('attempts', 'integer', (c) => c.notNull())
    .addColumn('queue', 'text', (c) => c.notNull())
    .addColumn('failed_at', 'bigint', (c) => c.notNull())
    .addColumn('body', 'text')
    .addColumn('replayed_as', 'text')
    .execute();
  await schema.createIndex('dead_letters_by_time').on('dead_letters').column('failed_at').execute();
  await schema
    .createTable('webhooks')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('url', 'text', (c) => c.notNull())
    .addColumn('events', 'text', (c) => c.notNull())
    .addColumn('chat_id', 'text')
    .addColumn('secret', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('seq', 'bigint', (c) => c.notNull())
    .addColumn('tries', 'integer', (c) => c.notNull())
    .addColumn('next_at', 'bigint', (c) => c.notNull())
    .addColumn('failing_since', 'bigint')
    .addColumn('disabled_at', 'bigint')
    .addColumn('disabled_why', 'text')
    .execute();
  await schema
    .createTable('leases')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('holder', 'text', (c) => c.notNull())
    .addColumn('until', 'bigint', (c) => c.notNull())
    .execute();
  await schema
    .createTable('cursors')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('seq', 'bigint', (c) => c.notNull())
    .execute();
}

async function webhookRetries({ schema }: Db): Promise<void> {
  await schema.createIndex('messages_replayed').on('messages').column('replay_of').where('replay_of', 'is not', null).execute(); // prettier-ignore
  await schema.createIndex('dead_letters_by_message').on('dead_letters').column('message_id').execute();
  await schema.alterTable('webhooks').addColumn('last_error', 'text').execute();
  await schema
    .createTable('webhook_retries')
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('seq', 'bigint', (c) => c.notNull())
    .addColumn('tries', 'integer', (c) => c.notNull())
    .addColumn('next_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('webhook_retries_key', ['name', 'seq'])
    .execute();
}

async function waits(db: Db): Promise<void> {
  const { schema } = db;
  await schema.alterTable('messages').addColumn('tries', 'integer', (c) => c.notNull().defaultTo(0)).execute(); // prettier-ignore
  await schema.alterTable('messages').addColumn('degradations', 'text').execute();
  await schema.createIndex('chats_by_change').on('chats').column('updated_at').execute();
  await schema
    .createTable('holds')
    .addColumn('bot', 'text', (c) => c.notNull())
    .addColumn('chat_id', 'text', (c) => c.notNull())
    .addColumn('until', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('holds_key', ['bot', 'chat_id'])
    .execute();
  await schema.createIndex('attempts_by_time').on('attempts').column('at').execute();
}

async function parts({ schema }: Db): Promise<void> {
  await schema.alterTable('messages').addColumn('parts', 'integer', (c) => c.notNull().defaultTo(1)).execute(); // prettier-ignore
  await schema.alterTable('messages').addColumn('parts_done', 'integer', (c) => c.notNull().defaultTo(0)).execute(); // prettier-ignore
}

async function answers({ schema }: Db): Promise<void> {
  await schema
    .createTable('calls')
    .addColumn('message_id', 'text', (c) => c.primaryKey())
    .addColumn('fingerprint', 'text', (c) => c.notNull())
    .addColumn('waiter', 'text')
    .addColumn('answer', 'text')
    .addColumn('expires_at', 'bigint', (c) => c.notNull())
    .execute();
  await schema.createIndex('calls_by_fingerprint').on('calls').column('fingerprint').execute();
  await schema.createIndex('calls_by_end').on('calls').column('expires_at').execute();
}

async function edits({ schema }: Db): Promise<void> {
  await schema.alterTable('messages').addColumn('edit_of', 'text').execute();
  await schema.alterTable('messages').addColumn('place', 'text').execute();
  await schema.alterTable('messages').addColumn('description', 'text').execute();
  await schema.createIndex('messages_edited').on('messages').columns(['edit_of', 'id']).where('edit_of', 'is not', null).execute(); // prettier-ignore
}
