import { Agent } from 'undici';
import { startSandbox } from '../../apps/sandbox/src/server';
import { contender, type Bench } from './bench';
import { percentile, type Duel } from './figures';
import { Subject } from './subject';

/** Clients that wait at once, each for a message to a chat of its own. */
const waiters = 2_000;
/** Calls made before, so that nothing that is measured happens for the first time. */
const warmUp = 150;
/** Telegram’s documented limit, which needs 67 s for all of them; so the clients wait a little longer than that. */
const limits = { TELEGRAM_RATE_GLOBAL: '30/1s', TELEGRAM_RATE_PRIVATE: '1/1s', BOT_API_WAIT: '90s' };
const seconds = waiters / 30;

/** As many clients of the Bot API as wait at the door at once, under Telegram’s limits. */
export async function door(bench: Bench): Promise<Duel> {
  const telegram = await startSandbox({ limits: 'on', journalEntries: 1_000 });
  const environment = { ...contender({ ...bench, sandbox: telegram }), ...limits };
  const consumer = await Subject.start('dist/apps/consumer/main.js', 'CONSUMER_HTTP_PORT', environment);
  const ours = await Subject.start('dist/apps/producer/main.js', 'HTTP_PORT', environment);
  const rival = await Subject.start('test/bench/rivals/bare-door.js', 'HTTP_PORT', environment);
  try {
    const results = { rival: await measure(rival), ours: await measure(ours) };
    const tooMany = telegram.calls.count().too_many_requests;
    return {
      title: `${waiters} clients wait at the Bot API door; the limits need ${seconds.toFixed(1)} s for their messages`,
      against: 'a bare Fastify handler that answers 30 of those who wait each second, and sends nothing',
      ...results,
      goals: { 'p50 s': { atMost: 1.1 }, 'p99 s': { atMost: 1.1 }, 'answered late': { below: 1 }, 'KB a waiter': { atMost: 2 } }, // prettier-ignore
      notes: [`429 from Telegram: ${tooMany}`],
    };
  } finally {
    await Promise.all([ours.stop(), rival.stop(), consumer.stop()]);
    await telegram.stop();
  }
}

async function measure(subject: Subject): Promise<Record<string, number[]>> {
  await calls(subject, warmUp, 500_000);
  const idle = subject.memory;
  let most = idle;
  const sampling = setInterval(() => (most = Math.max(most, subject.memory)), 200);
  const latencies = await calls(subject, waiters, 1_000_000);
  clearInterval(sampling);
  const answered = latencies.filter((latency) => latency !== undefined);
  return {
    'p50 s': [percentile(answered, 0.5) / 1_000],
    'p99 s': [percentile(answered, 0.99) / 1_000],
    'answered late': [waiters - answered.length],
    'added MB': [most - idle],
    'KB a waiter': [((most - idle) * 1024) / waiters],
  };
}

/** Makes calls at once, each to a chat of its own. @returns how long each waited; undefined: it was told to come back */
async function calls({ url }: Subject, count: number, firstChat: number): Promise<(number | undefined)[]> {
  const dispatcher = new Agent({ connections: count, headersTimeout: 0, bodyTimeout: 0 });
  const call = async (index: number): Promise<number | undefined> => {
    const start = performance.now();
    const answer = await dispatcher.request({
      origin: url,
      path: '/bot1234567:bench-token/sendMessage',
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ chat_id: firstChat + index, text: 'Build 4711 of main failed. '.repeat(8) }),
    });
    await answer.body.dump();
    return answer.statusCode === 200 ? performance.now() - start : undefined;
  };
  const latencies = await Promise.all(Array.from({ length: count }, (_, index) => call(index)));
  await dispatcher.close();
  return latencies;
}
