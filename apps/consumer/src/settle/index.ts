export { ChatBook } from './chat-book';
export { RecordKeeper, unanswered, type Call, type Conclusion, type Standing } from './record-keeper';
export { Settle } from './settle';
export { settlementOf } from './settlement';
