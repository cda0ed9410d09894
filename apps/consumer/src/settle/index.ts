export type { Call } from './attempt-of';
export { ChatBook } from './chat-book';
export { Clients } from './clients';
export { RecordKeeper, unanswered, type Conclusion, type Ending, type Standing } from './record-keeper';
export { Settle } from './settle';
export { settlementOf } from './settlement';
