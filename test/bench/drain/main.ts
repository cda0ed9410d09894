import { memory, mixed, urgent } from './backlog';
import { fleet } from './fleet';

const measurements = { fleet, mixed, memory, urgent };

/** `npm run bench:drain [-- <name> …]`: how fast, how fairly and in how much memory queues empty under strict limits. */
async function main(wanted: string[]): Promise<void> {
  let met = true;
  for (const [name, measure] of Object.entries(measurements)) {
    if (wanted.length === 0 || wanted.includes(name)) met = (await measure()) && met;
  }
  console.log(met ? '\nEvery goal is met.' : '\nNot every goal is met.');
  process.exitCode = met ? 0 : 1;
}

void main(process.argv.slice(2));
