export { Circuit } from './circuit';
export { mend, simpler, toChat } from './mend';
export { SendModule } from './send.module';
export { Sender } from './sender';
