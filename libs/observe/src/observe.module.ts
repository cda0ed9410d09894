import { Module, type DynamicModule, type ModuleMetadata } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { HealthController } from './health.controller';
import { MetricsController } from './metrics.controller';
import { READINESS, type Readiness } from './readiness';

/** `GET /health/live`, `GET /health/ready` and `GET /metrics` for one app. */
@Module({})
export class ObserveModule {
  /**
   * @param options.inject Providers that the readiness is made of.
   * @param options.readiness Makes the list of what must be up before the app can do its work.
   */
  static registerAsync<T extends unknown[]>(options: {
    imports?: ModuleMetadata['imports'];
    inject: { [K in keyof T]: new (...parameters: never[]) => T[K] };
    readiness: (...providers: T) => Readiness;
  }): DynamicModule {
    return {
      module: ObserveModule,
      global: true,
      imports: [TerminusModule.forRoot({ logger: false }), ...(options.imports ?? [])],
      controllers: [HealthController, MetricsController],
      providers: [
        { provide: READINESS, inject: options.inject, useFactory: options.readiness },
        { provide: Registry, useFactory: newRegistry },
      ],
      exports: [Registry],
    };
  }
}

/** A registry of its own, since several apps can live in one process of a test. */
function newRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}
