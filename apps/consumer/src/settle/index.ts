export { Settle } from './settle';
export { settlementOf } from './settlement';
