export { SendModule } from './send.module';
export { Sender } from './sender';
