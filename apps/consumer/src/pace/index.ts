export type { Clock } from './clock';
export { laneKey } from './lane-key';
export { Pacer, type PacerOptions } from './pacer';
export { Pacers } from './pacers';
export { MAX_HOLD_MS, type Hold, type Priority, type Turn, type Waiter } from './turn';
