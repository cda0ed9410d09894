import { sendMessage } from '@app/contracts';
import type { ConfirmChannel } from 'amqplib';
import { once } from 'node:events';
import { uuidv7 } from 'uuidv7';
import { memory } from './accept';
import { contender, queues, type Bench } from './bench';
import { inTurns, percentile, type Duel } from './figures';
import { Subject } from './subject';

const rounds = 5;
/** Messages a round, and how many are in flight from the publisher. */
const count = 8_000;
const window = 500;
const chats = 2_000;

/** From the delivery queue to Telegram's answer and the acknowledgement, as fast as the machine can. */
export async function deliver(bench: Bench): Promise<Duel> {
  const environment = contender(bench);
  const rival = await Subject.start('test/bench/rivals/bare-consumer.js', 'CONSUMER_HTTP_PORT', environment);
  const ours = await Subject.start('dist/apps/consumer/main.js', 'CONSUMER_HTTP_PORT', environment);
  const idle = { ours: ours.memory, rival: rival.memory };
  const channel = await bench.connection.createConfirmChannel();
  const at = queues(bench);
  try {
    const results = await inTurns(rounds, {
      ours: () => measure(bench, channel, at.ours, ours),
      rival: () => measure(bench, channel, at.rival, rival),
    });
    return {
      title: `Queue to Telegram, ${count} messages for ${chats} chats, no limits`,
      against: 'a plain amqplib consumer that makes the same call with undici',
      ...results,
      goals: { 'messages/s': { atLeast: 0.8 }, 'p99 ms': { atMost: 1.5 } },
      notes: [memory('consumer', idle.ours, ours.memory), memory('bare consumer', idle.rival, rival.memory)],
    };
  } finally {
    await channel.close();
    await Promise.all([ours.stop(), rival.stop()]);
  }
}

/** Keeps a window of messages under way; latency is from publish to arrival at Telegram. */
async function measure(
  { sandbox }: Bench,
  channel: ConfirmChannel,
  queue: string,
  subject: Subject,
): Promise<Record<string, number>> {
  const published = new Map<string, number>();
  const latencies: number[] = [];
  let sent = 0;
  const publish = () => {
    const text = `m${sent}`;
    published.set(text, performance.now());
    channel.publish('', queue, Buffer.from(JSON.stringify(packet(queue, sent++, text))), { persistent: true });
  };
  const done = new AbortController();
  const stop = sandbox.onCall(({ params }) => {
    latencies.push(performance.now() - published.get(String(params.text))!);
    if (sent < count) publish();
    else if (latencies.length === count) done.abort();
  });
  const before = subject.cpu;
  const start = performance.now();
  while (sent < window) publish();
  await once(done.signal, 'abort');
  stop();
  const seconds = (performance.now() - start) / 1000;
  return {
    'messages/s': count / seconds,
    'p50 ms': percentile(latencies, 0.5),
    'p99 ms': percentile(latencies, 0.99),
    'processor µs/message': ((subject.cpu - before) * 1e6) / count,
  };
}

/** The rival reads the two fields that it needs; ours is a whole command. */
function packet(queue: string, index: number, text: string): object {
  const chat_id = 1_000 + (index % chats);
  if (queue.endsWith('.bare')) return { chat_id, text };
  return {
    pattern: 'message.send',
    data: sendMessage.parse({
      version: 1,
      id: uuidv7(),
      bot: 'default',
      method: 'sendMessage',
      payload: { chat_id, text },
      chat_id,
      priority: 'normal',
      on_uncertain: 'resend',
      created_at: Date.now(),
    }),
  };
}
