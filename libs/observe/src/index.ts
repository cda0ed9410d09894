export { logging } from './logging';
export { ObserveModule } from './observe.module';
export { keepHeapSmall } from './small-heap';
