import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { contender, type Bench } from './bench';
import { inTurns, percentile, type Duel } from './figures';
import { Subject } from './subject';

const rounds = 4;
const samples = 40;
/** Pause between two messages, so that everything is at rest when the next one comes. */
const restMs = 150;

/** One message at rest: from the POST to its arrival at Telegram, through both apps. */
export async function idle(bench: Bench): Promise<Duel> {
  const environment = contender(bench);
  const start = (script: string, port: string) => Subject.start(script, port, environment);
  const ours = [
    await start('dist/apps/producer/main.js', 'HTTP_PORT'),
    await start('dist/apps/consumer/main.js', 'CONSUMER_HTTP_PORT'),
  ];
  const rival = [
    await start('test/bench/rivals/bare-producer.js', 'HTTP_PORT'),
    await start('test/bench/rivals/bare-consumer.js', 'CONSUMER_HTTP_PORT'),
  ];
  try {
    const results = await inTurns(rounds, {
      ours: () => measure(bench, ours[0]!),
      rival: () => measure(bench, rival[0]!),
    });
    return {
      title: `One message at rest, POST to Telegram, ${samples} a round`,
      against: 'the same path made by hand: bare Fastify, plain amqplib, undici',
      ...results,
      goals: { 'p50 ms': { atMost: 1.5 } },
    };
  } finally {
    await Promise.all([...ours, ...rival].map((subject) => subject.stop()));
  }
}

async function measure({ sandbox }: Bench, { url }: Subject): Promise<Record<string, number>> {
  const latencies: number[] = [];
  for (let sample = 0; sample < samples; sample++) {
    const arrived = new AbortController();
    const stop = sandbox.onCall(() => arrived.abort());
    const arrival = once(arrived.signal, 'abort');
    const begin = performance.now();
    const body = JSON.stringify({ chat_id: 1_000 + sample, text: 'At rest.' });
    const response = fetch(`${url}/v1/messages`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    });
    await arrival;
    latencies.push(performance.now() - begin);
    stop();
    await response;
    await pause(restMs);
  }
  return { 'p50 ms': percentile(latencies, 0.5), 'p90 ms': percentile(latencies, 0.9) };
}
