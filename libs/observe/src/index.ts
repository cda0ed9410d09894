export { logging } from './logging';
export { ObserveModule } from './observe.module';
