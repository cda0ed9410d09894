import { keepHeapSmall } from '@app/observe';
import { SettingsError } from '@app/settings';
import { Logger } from 'nestjs-pino';
import { createConsumer } from './consumer';
import { readConsumerSettings } from './consumer.settings';

async function main(): Promise<void> {
  const settings = readConsumerSettings();
  const app = await createConsumer(settings);
  keepHeapSmall();
  await app.listen(settings.consumerHttpPort, settings.httpHost);
  app.get(Logger).log(`consumer listening on ${await app.getUrl()}`);
}

main().catch((error: unknown) => {
  // A wrong setting is the operator's to mend and needs no stack; everything else is ours.
  console.error(error instanceof SettingsError ? error.message : error);
  process.exit(1);
});
