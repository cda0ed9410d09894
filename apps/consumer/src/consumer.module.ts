import { BLOBS, openBlobs } from '@app/blobs';
import { Ledger } from '@app/ledger';
import { logging, ObserveModule } from '@app/observe';
import { Module, type DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { AttemptLog } from './attempt-log';
import { Bots } from './bots';
import { DeliveryServer } from './consume';
import { SendMessageListener } from './consume/send-message.listener';
import { CONSUMER_SETTINGS, type ConsumerSettings } from './consumer.settings';
import { Delivery } from './delivery';
import { Flights } from './flights';
import { Gauges } from './gauges';
import { InHand } from './in-hand';
import { Pacers } from './pace';
import { SendModule } from './send';
import { ChatBook, Clients, RecordKeeper, Settle } from './settle';
import { Uploads } from './upload';
import { Tenures } from './tenures';

@Module({})
export class ConsumerModule {
  static register(settings: ConsumerSettings): DynamicModule {
    const { bots, rateGlobal, ratePrivate, rateGroup, telegramApiRoot, logLevel } = settings;
    const limits = { global: rateGlobal, private: ratePrivate, group: rateGroup };
    const botNames = bots.map(({ name }) => name);
    return {
      module: ConsumerModule,
      imports: [
        LoggerModule.forRoot(logging('consumer', logLevel)),
        SendModule.register(bots, telegramApiRoot),
        ObserveModule.registerAsync({
          inject: [DeliveryServer, Settle, Ledger],
          readiness: (server: DeliveryServer, settle: Settle, ledger: Ledger) => ({
            broker: () => settle.ready,
            deliveries: () => server.consuming,
            ledger: () => ledger.available,
          }),
        }),
      ],
      controllers: [SendMessageListener],
      providers: [
        { provide: CONSUMER_SETTINGS, useValue: settings },
        { provide: Pacers, useFactory: () => new Pacers(botNames, limits, processClock) },
        { provide: Ledger, useFactory: () => new Ledger(settings.databaseUrl) },
        AttemptLog,
        Bots,
        ChatBook,
        Clients,
        Delivery,
        DeliveryServer,
        Flights,
        Gauges,
        InHand,
        RecordKeeper,
        Settle,
        Tenures,
        Uploads,
        { provide: BLOBS, useFactory: () => openBlobs(settings) },
      ],
      exports: [DeliveryServer, Settle, Ledger],
      global: true,
    };
  }
}

/** Milliseconds since the epoch that never jump, however the wall clock is set meanwhile. */
const processClock = {
  now: () => performance.timeOrigin + performance.now(),
  timer: (ms: number, fn: () => void) => {
    const timeout = setTimeout(fn, ms);
    return () => clearTimeout(timeout);
  },
};
