import { randomUUID } from 'node:crypto';
import { load, measure, memory } from './accept';
import type { Bench } from './bench';
import { inTurns, type Duel } from './figures';
import { Subject } from './subject';

const rounds = 5;
/** No file can be made there, so this producer never has a ledger; it takes messages all the same. */
const nowhere = 'file:/dev/null/ledger.db';

/** What the ledger costs `POST /v1/messages`. */
export const record = (bench: Bench): Promise<Duel> => against(bench, 'with the ledger', 0.8, () => ({}));

/** What an `Idempotency-Key`, a new one for each request, costs on top. */
export const recordWithKey = (bench: Bench): Promise<Duel> =>
  against(bench, 'with the ledger and an Idempotency-Key', 0.5, () => ({ 'idempotency-key': randomUUID() }));

async function against(
  { rabbitmqUrl, prefix, purge }: Bench,
  how: string,
  atLeast: number,
  headers: () => Record<string, string>,
): Promise<Duel> {
  const common = { RABBITMQ_URL: rabbitmqUrl, QUEUE_PREFIX: prefix };
  const script = 'dist/apps/producer/main.js';
  const ours = await Subject.start(script, 'HTTP_PORT', { ...common, DATABASE_URL: process.env.DATABASE_URL ?? '' });
  const rival = await Subject.start(script, 'HTTP_PORT', { ...common, DATABASE_URL: nowhere }, 'live');
  const idle = ours.memory;
  try {
    await load(rival, 4); // So long that it has given up keeping what it cannot record.
    await load(ours, 2, headers);
    const results = await inTurns(rounds, {
      ours: () => measure(ours, purge, headers),
      rival: () => measure(rival, purge),
    });
    return {
      title: `POST /v1/messages ${how}`,
      against: 'the same producer without a ledger',
      ...results,
      goals: { 'requests/s': { atLeast } },
      notes: [memory('producer', idle, ours.memory)],
    };
  } finally {
    await Promise.all([ours.stop(), rival.stop()]);
  }
}
