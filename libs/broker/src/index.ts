export { deadLetter, type Epitaph } from './dead-letter';
export { DeliveryContext, type Verdict } from './delivery-context';
export { countConsumers, giveLease, takeLease } from './lease';
export { type Publication, type Published } from './publication';
export { stands } from './own-channel';
export { Reading, type Incoming, type Source } from './reading';
export { RmqClient } from './rmq-client';
export { RmqServer, type StandingSource } from './rmq-server';
