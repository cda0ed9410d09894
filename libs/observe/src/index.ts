export { endInOrder } from './end-in-order';
export { logging } from './logging';
export { ObserveModule } from './observe.module';
export { keepHeapSmall } from './small-heap';
