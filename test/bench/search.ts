import type { SendMessage } from '@app/contracts';
import { Ledger, MessageRecord } from '@app/ledger';
import { statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { memory } from './accept';
import type { Bench } from './bench';
import { inTurns, percentile, type Duel } from './figures';
import { Subject } from './subject';

const messages = 100_000;
const chats = 1_000;
const rounds = 5;
const requests = 400;

/** A message by its id, among 100,000 that were sent. */
export const search = (bench: Bench): Promise<Duel> =>
  asked(bench, 'GET /v1/messages/<id>', (at) => `/v1/messages/${idOf((at * 7_919) % messages)}`);

/** The newest page of a chat, among 100,000 messages. */
export const searchByChat = (bench: Bench): Promise<Duel> =>
  asked(bench, 'GET /v1/messages?chat_id=…', (at) => `/v1/messages?chat_id=${1 + ((at * 7) % chats)}`);

async function asked({ rabbitmqUrl, prefix }: Bench, what: string, pathOf: (at: number) => string): Promise<Duel> {
  const size = await fill();
  const environment = { RABBITMQ_URL: rabbitmqUrl, QUEUE_PREFIX: prefix, DATABASE_URL: process.env.DATABASE_URL ?? '' };
  const producer = await Subject.start('dist/apps/producer/main.js', 'HTTP_PORT', environment);
  const idle = producer.memory;
  try {
    const measure = (path: (at: number) => string) => async () => {
      const took: number[] = [];
      for (let at = 0; at < requests; at++) {
        const start = performance.now();
        const answer = await fetch(producer.url + path(at));
        await answer.arrayBuffer();
        if (!answer.ok) throw new Error(`${path(at)} answered ${answer.status}`);
        took.push(performance.now() - start);
      }
      return { 'p50 ms': percentile(took, 0.5), 'p99 ms': percentile(took, 0.99) };
    };
    const results = await inTurns(rounds, { ours: measure(pathOf), rival: measure(() => '/health/live') });
    return {
      title: `${what} with ${messages} messages in the ledger`,
      against: 'the health check of the same producer, which asks no ledger',
      ...results,
      goals: { 'p99 ms': { below: 10 } },
      notes: [size, memory('producer', idle, producer.memory)],
    };
  } finally {
    await producer.stop();
  }
}

const idOf = (at: number): string => `01890000-0000-7000-8000-${String(at).padStart(12, '0')}`;

/** Writes the messages as producer and consumer do; says how large the ledger is then. */
async function fill(): Promise<string> {
  const ledger = new Ledger(process.env.DATABASE_URL ?? '');
  ledger.onModuleInit();
  while (!ledger.available) await pause(20);
  const record = new MessageRecord(ledger, true);
  for (let at = 0; at < messages; at += 1_000) {
    const some = Array.from({ length: 1_000 }, (_, more) => commandOf(at + more));
    await Promise.all(some.map((command) => record.begin(command)));
    await Promise.all(
      some.map((command) => {
        const call = {
          at: command.created_at,
          duration_ms: 40,
          error_code: null,
          description: null,
          retry_after: null,
        };
        const attempt = { ...call, outcome: 'sent', reason: null } as const;
        return record.answered({ command, attempt, status: 'sent', parts: 1, messageIds: [command.created_at] });
      }),
    );
  }
  await ledger.onApplicationShutdown();
  const file = (process.env.DATABASE_URL ?? '').replace(/^file:/, '');
  const bytes = statSync(file, { throwIfNoEntry: false })?.size;
  return bytes === undefined
    ? 'the database is not a file'
    : `the file of the ledger: ${(bytes / 2 ** 20).toFixed(0)} MB`;
}

const commandOf = (at: number): SendMessage => ({
  version: 1,
  id: idOf(at),
  bot: 'default',
  method: 'sendMessage',
  chat_id: 1 + (at % chats),
  payload: { chat_id: 1 + (at % chats), text: `Build ${at} of main failed. `.repeat(8) },
  priority: 'normal',
  on_uncertain: 'resend',
  created_at: Date.now(),
});
