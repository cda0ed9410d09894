import { Ledger } from '@app/ledger';
import { cleanUp } from './clean-up';
import { eventually } from './eventually';

/** Opens a ledger as an app does, until the test ends. */
export async function openLedger(url: string): Promise<Ledger> {
  const ledger = new Ledger(url);
  ledger.onModuleInit();
  cleanUp(() => ledger.onApplicationShutdown());
  await eventually(() => ledger.available, 'the ledger is ready');
  return ledger;
}
