export { LedgerAway } from './away';
export { Ledger } from './ledger';
export type { Schema } from './schema';
