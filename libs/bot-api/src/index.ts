export type { Answer, ResponseParameters } from './answer';
export { BotApiTransport } from './transport';
export type { CallOptions, FileAnswer, ForeignRequest, TransportOptions } from './transport';
