export type { Answer, ResponseParameters } from './answer';
export type { StoredFile } from './file';
export { BotApiTransport } from './transport';
export type { CallOptions, FileAnswer, ForeignRequest, TransportOptions } from './transport';
