import { names } from '@app/contracts';
import { connect } from 'amqplib';
import { startSandbox } from '../../apps/sandbox/src/server';
import { accept } from './accept';
import type { Bench } from './bench';
import { deliver } from './deliver';
import { door } from './door';
import { report, type Duel } from './figures';
import { idle } from './idle';
import { record, recordWithKey } from './record';
import { search, searchByChat } from './search';

const measurements = { accept, deliver, record, recordWithKey, search, searchByChat, idle, door };

/** `npm run bench [-- <name> …]`, by default all of `measurements`: both contenders in one run, in turns, on one broker. */
async function main(wanted: string[]): Promise<void> {
  const rabbitmqUrl = process.env.RABBITMQ_URL ?? '';
  const prefix = `bench${process.pid}`;
  const connection = await connect(rabbitmqUrl);
  const sandbox = await startSandbox({ limits: 'off', journalEntries: 1_000 });
  const purge = async () => {
    for (const queue of [`${prefix}.bare`, names(prefix).deliverQueue('default')]) {
      const channel = await connection.createChannel();
      channel.on('error', () => undefined); // Not every measurement has both.
      await channel.purgeQueue(queue).then(() => channel.close(), () => undefined); // prettier-ignore
    }
  };
  const bench: Bench = { rabbitmqUrl, prefix, connection, sandbox, purge };
  let met = true;
  for (const [name, measure] of Object.entries(measurements)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const duel: Duel = await measure(bench);
    met = report(duel) && met;
    if (name !== 'deliver') await purge(); // What was accepted here must not be delivered in the next measurement.
  }
  await sandbox.stop();
  await connection.close();
  console.log(met ? '\nEvery goal is met.' : '\nNot every goal is met.');
  process.exitCode = met ? 0 : 1;
}

void main(process.argv.slice(2));
