export type { Answer, ResponseParameters } from './answer';
export { BotApiTransport, type CallOptions, type TransportOptions } from './transport';
