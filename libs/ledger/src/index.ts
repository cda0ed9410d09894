export { LedgerAway } from './away';
export { Ledger } from './ledger';
export { MessageRecord, type Answered, type Seen } from './record';
export type { Schema } from './schema';
export { addEvents, eventsAfter, lastSeq, type StoredEvent } from './events';
export { IdempotencyKeys, type Claim, type Claimed } from './idempotency';
export { cancelMessage } from './cancel';
export { findChats, liftSuppression } from './chats';
export { findMessage, searchMessages } from './search';
