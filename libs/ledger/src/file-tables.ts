import type { Kysely } from 'kysely';
import type { Schema } from './schema';

/** Adds what is known of files. */
export async function files({ schema }: Kysely<Schema>): Promise<void> {
  await schema
    .createTable('blobs')
    .addColumn('blob', 'text', (c) => c.primaryKey())
    .addColumn('kept_until', 'bigint', (c) => c.notNull())
    .addColumn('removing', 'integer', (c) => c.notNull().defaultTo(0))
    .execute();
  await schema
    .createTable('blob_holds')
    .addColumn('message_id', 'text', (c) => c.notNull())
    .addColumn('blob', 'text', (c) => c.notNull())
    .addColumn('until', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('blob_holds_key', ['message_id', 'blob'])
    .execute();
  await schema.createIndex('blob_holds_by_blob').on('blob_holds').column('blob').execute();
  await schema.createIndex('blob_holds_by_end').on('blob_holds').column('until').execute();
  await schema
    .createTable('file_ids')
    .addColumn('bot', 'text', (c) => c.notNull())
    .addColumn('likeness', 'text', (c) => c.notNull())
    .addColumn('file_id', 'text', (c) => c.notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('file_ids_key', ['bot', 'likeness'])
    .execute();
  await schema.createIndex('file_ids_by_age').on('file_ids').column('at').execute();
}
