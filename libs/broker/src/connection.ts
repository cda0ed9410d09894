import type { RmqOptions } from '@nestjs/microservices';

type SocketOptions = NonNullable<NonNullable<RmqOptions['options']>['socketOptions']>;

/** How both ends connect: look for the broker every second, notice a silent one within two heartbeats of 5 s. */
export const connectionOptions: SocketOptions = {
  heartbeatIntervalInSeconds: 5,
  reconnectTimeInSeconds: 1,
  connectionOptions: { noDelay: true, timeout: 5_000, clientProperties: { product: 'TelegraMQ' } },
};
