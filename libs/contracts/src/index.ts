export { sendMessage, type SendMessage } from './command';
export * from './message';
export { limits, chatId } from './parameters';
export * from './patterns';
export * from './problems';
export * from './rates';
export * from './reasons';
export * from './status';
export * from './topology';
