import { SettingsError } from '@app/settings';
import { Logger } from 'nestjs-pino';
import { createProducer } from './producer';
import { readProducerSettings } from './producer.settings';

// Fastify binds an AsyncResource for each body, and Node 20 wraps a deprecated property of it each time: a tenth of the
// processor time of a request, only to be able to warn.
process.noDeprecation = true;

async function main(): Promise<void> {
  const settings = readProducerSettings();
  const app = await createProducer(settings);
  await app.listen(settings.httpPort, settings.httpHost);
  app.get(Logger).log(`producer listening on ${await app.getUrl()}`);
}

main().catch((error: unknown) => {
  // A wrong setting is the operator's to mend and needs no stack; everything else is ours.
  console.error(error instanceof SettingsError ? error.message : error);
  process.exit(1);
});
