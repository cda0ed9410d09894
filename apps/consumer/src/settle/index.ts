export { RecordKeeper, type Call, type Standing } from './record-keeper';
export { Settle } from './settle';
export { settlementOf } from './settlement';
