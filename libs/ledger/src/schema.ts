import type { MessageStatus, Reason } from '@app/contracts';
import type { Generated } from 'kysely';

/** A moment: Unix time in milliseconds. */
type Moment = number;
/** A text that holds JSON. */
type Json = string;

/** The tables, as Kysely sees them; `migrations.ts` makes them. Moments are Unix milliseconds, booleans and lists are JSON. */
export interface Schema {
  messages: MessagesTable;
  attempts: AttemptsTable;
  events: EventsTable;
  idempotency_keys: IdempotencyKeysTable;
  chats: ChatsTable;
  /** Chats that must wait, and bots, whose chat is ''. What is over may still stand here. */
  holds: { bot: string; chat_id: string; until: Moment };
  dead_letters: DeadLettersTable;
  calls: CallsTable;
  /** Files in the store, each from before its first byte until after its last is removed. */
  blobs: BlobsTable;
  /** Messages that are not over and need a file; `until`: when a message that nobody has seen till then was never sent. */
  blob_holds: { message_id: string; blob: string; until: Moment };
  /** What Telegram calls files that it has; `likeness` says which upload, in every respect that shows, made it. */
  file_ids: { bot: string; likeness: string; file_id: string; at: Moment };
  webhooks: WebhooksTable;
  webhook_retries: WebhookRetriesTable;
  /** Work that one process at a time does, e.g. the relay of events. */
  leases: { name: string; holder: string; until: Moment };
  /** How far a reader of events has come. */
  cursors: { name: string; seq: number };
}

export interface MessagesTable {
  /** UUIDv7: its order is the order of acceptance. */
  id: string;
  bot: string;
  method: string;
  /** The chat as text, whether number or @name. */
  chat_id: string | null;
  status: MessageStatus;
  /** Why it is where it is, when that is not plain success. */
  reason: Reason | null;
  ref: string | null;
  created_at: Moment;
  updated_at: Moment;
  /** When the call under way was begun; null when none is. */
  sending_since: Moment | null;
  /** Not used any more. */
  hops: Generated<number>;
  /** Calls that counted as attempts. */
  tries: Generated<number>;
  /** What had to be changed for Telegram to take it: a list of words. */
  degradations: Json | null;
  /** Calls that it takes. */
  parts: Generated<number>;
  /** Those of them that are done. */
  parts_done: Generated<number>;
  /** Telegram's ids: a list of numbers. */
  message_ids: Json | null;
  /** The whole command, unless LEDGER_BODIES is off. */
  command: Json | null;
  /** The message that this one is a replay of. */
  replay_of: string | null;
  /** The message that this one edits or recalls. */
  edit_of: string | null;
  /** Class, time and parameters that its edits need to know, where they are not the usual ones. */
  place: Json | null;
  /** Why it ended without a call, where the reason does not tell all. */
  description: string | null;
}

export interface AttemptsTable {
  message_id: string;
  at: Moment;
  duration_ms: number;
  outcome: 'sent' | 'retry' | 'rejected' | 'uncertain';
  reason: Reason | null;
  error_code: number | null;
  description: string | null;
  /** Seconds, as Telegram says them. */
  retry_after: number | null;
}

export interface EventsTable {
  /** Grows in the order in which events became visible. */
  seq: Generated<number>;
  at: Moment;
  message_id: string;
  status: MessageStatus;
  bot: string;
  chat_id: string | null;
  /** The whole event as it is published. */
  data: Json;
}

export interface IdempotencyKeysTable {
  /** API token's name and route, or the inbox. */
  scope: string;
  key: string;
  /** SHA-256 of the body. */
  fingerprint: string;
  /** The commands that the key stands for, so that a second try has the same ids. */
  commands: Json;
  /** `done` once the broker has confirmed; `open` after a failure; `pending` while somebody is at it, since `touched_at`. */
  state: 'pending' | 'open' | 'done';
  touched_at: Moment;
  expires_at: Moment;
}

export interface ChatsTable {
  bot: string;
  chat_id: string;
  /** The id of the supergroup that it became. */
  migrated_to: string | null;
  /** Why nothing is sent to it any more. */
  suppressed_reason: Reason | null;
  suppressed_at: Moment | null;
  updated_at: Moment;
}

export interface DeadLettersTable {
  id: string;
  /** Null where the body could not be understood. */
  message_id: string | null;
  bot: string | null;
  chat_id: string | null;
  reason: Reason;
  description: string | null;
  error_code: number | null;
  attempts: number;
  queue: string;
  failed_at: Moment;
  /** The body as it was, base64 where it is no UTF-8; null when LEDGER_BODIES is off. */
  body: string | null;
  /** The message that a replay of it made. */
  replayed_as: string | null;
}

/** A call of the Bot API door whose answer no client has got yet. */
export interface CallsTable {
  message_id: string;
  /** SHA-256 of bot, method, parameters and files: a repetition has the same. */
  fingerprint: string;
  /** The producer that has a client waiting; null where none waits any more. */
  waiter: string | null;
  /** Telegram's answer, as JSON; null until there is one. */
  answer: Json | null;
  expires_at: Moment;
}

export interface BlobsTable {
  blob: string;
  /** Until then it is kept even where no message needs it (yet). */
  kept_until: Moment;
  /** 1 once its removal has begun: no message may come to need it. */
  removing: Generated<number>;
}

export interface WebhooksTable {
  name: string;
  url: string;
  /** Statuses that it wants: a list; empty for all. */
  events: Json;
  chat_id: string | null;
  /** `whsec_…`, Standard Webhooks. */
  secret: string;
  created_at: Moment;
  /** The last event that was tried while the receiver took any. */
  seq: number;
  /** Rounds in a row in which it took nothing. */
  tries: number;
  next_at: Moment;
  /** Since when nothing has been taken by the receiver. */
  failing_since: Moment | null;
  disabled_at: Moment | null;
  disabled_why: string | null;
  /** What the receiver answered last, where it did not take an event. */
  last_error: string | null;
}

/** An event that one receiver did not take while it took others. */
export interface WebhookRetriesTable {
  name: string;
  seq: number;
  /** So far. */
  tries: number;
  next_at: Moment;
}
