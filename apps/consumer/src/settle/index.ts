export { Settle } from './settle';
export { settlementOf, type Settlement } from './settlement';
