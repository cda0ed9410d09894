export type { Clock } from './clock';
export { isGroup, laneKey } from './lane-key';
export { Pacer } from './pacer';
export { Pacers } from './pacers';
export { tollOf } from './toll';
export { MAX_HOLD_MS, type Go, type Priority, type Turn, type Waiter } from './turn';
