export { deadLetter, type Epitaph } from './dead-letter';
export { DeliveryContext, type Verdict } from './delivery-context';
export { type Publication, type Published } from './publication';
export { RmqClient } from './rmq-client';
export { RmqServer, type Incoming, type Source } from './rmq-server';
