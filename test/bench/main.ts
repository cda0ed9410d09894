import { names } from '@app/contracts';
import { connect } from 'amqplib';
import { startSandbox } from '../../apps/sandbox/src/server';
import { accept } from './accept';
import type { Bench } from './bench';
import { deliver } from './deliver';
import { report, type Duel } from './figures';
import { idle } from './idle';

const measurements = { accept, deliver, idle };

/** `npm run bench [-- accept|deliver|idle …]`: both contenders in one run, in turns, on one broker. */
async function main(wanted: string[]): Promise<void> {
  const rabbitmqUrl = process.env.RABBITMQ_URL ?? '';
  const prefix = `bench${process.pid}`;
  const connection = await connect(rabbitmqUrl);
  const sandbox = await startSandbox({ limits: 'off', journalEntries: 1_000 });
  const purge = async () => {
    const channel = await connection.createChannel();
    for (const queue of [`${prefix}.bare`, names(prefix).deliverQueue('default')]) await channel.purgeQueue(queue);
    await channel.close();
  };
  const bench: Bench = { rabbitmqUrl, prefix, connection, sandbox, purge };
  let met = true;
  for (const [name, measure] of Object.entries(measurements)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const duel: Duel = await measure(bench);
    met = report(duel) && met;
    if (name === 'accept') await purge(); // What was accepted here must not be delivered in the next measurement.
  }
  await sandbox.stop();
  await connection.close();
  console.log(met ? '\nEvery goal is met.' : '\nNot every goal is met.');
  process.exitCode = met ? 0 : 1;
}

void main(process.argv.slice(2));
