import autocannon from 'autocannon';
import { inTurns, type Duel } from './figures';
import { Subject } from './subject';
import type { Bench } from './bench';

const rounds = 5;
const seconds = 5;
const connections = 50;
const body = JSON.stringify({ chat_id: 123456789, text: 'Build 4711 of main failed. '.repeat(8) });

/** `POST /v1/messages`: validated, given an id, confirmed by the broker on a quorum queue, answered. */
export async function accept({ rabbitmqUrl, prefix, purge }: Bench): Promise<Duel> {
  const rival = await Subject.start('test/bench/rivals/bare-producer.js', 'HTTP_PORT', {
    RABBITMQ_URL: rabbitmqUrl,
    QUEUE: `${prefix}.bare`,
  });
  const ours = await Subject.start('dist/apps/producer/main.js', 'HTTP_PORT', {
    DATABASE_URL: process.env.DATABASE_URL ?? '',
    RABBITMQ_URL: rabbitmqUrl,
    QUEUE_PREFIX: prefix,
  });
  const idle = { ours: ours.memory, rival: rival.memory };
  try {
    await load(rival, 2);
    await load(ours, 2);
    const results = await inTurns(rounds, { ours: () => measure(ours, purge), rival: () => measure(rival, purge) });
    return {
      title: `POST /v1/messages, ${connections} connections, ${body.length} bytes`,
      against: 'a bare Fastify handler that publishes with confirm through plain amqplib',
      ...results,
      goals: { 'requests/s': { atLeast: 0.8 }, 'p99 ms': { atMost: 1.5 } },
      notes: [memory('producer', idle.ours, ours.memory), memory('bare producer', idle.rival, rival.memory)],
    };
  } finally {
    await Promise.all([ours.stop(), rival.stop()]);
  }
}

export const memory = (who: string, idle: number, loaded: number): string =>
  `memory of the ${who}: ${idle.toFixed(0)} MB idle, ${loaded.toFixed(0)} MB under load`;

export async function measure(
  subject: Subject,
  purge: () => Promise<void>,
  headers: () => Record<string, string> = () => ({}),
): Promise<Record<string, number>> {
  await purge();
  const before = subject.cpu;
  const result = await load(subject, seconds, headers);
  const failed = result.non2xx + result.errors;
  if (failed > 0) throw new Error(`${failed} requests failed`);
  return {
    'requests/s': result.requests.average,
    'p50 ms': result.latency.p50,
    'p99 ms': result.latency.p99,
    'processor µs/request': ((subject.cpu - before) * 1e6) / result.requests.total,
  };
}

/** @param headers Made anew for each request. */
export const load = ({ url }: Subject, duration: number, headers: () => Record<string, string> = () => ({})) =>
  autocannon({
    url: `${url}/v1/messages`,
    method: 'POST',
    connections,
    duration,
    body,
    requests: [
      {
        setupRequest: (request) => ({
          ...request,
          headers: { ...request.headers, 'content-type': 'application/json', ...headers() },
        }),
      },
    ],
  });
