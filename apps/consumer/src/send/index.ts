export { Circuit } from './circuit';
export { mend, toChat } from './mend';
export { SendModule } from './send.module';
export { Sender } from './sender';
