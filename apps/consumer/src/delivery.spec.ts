import type { DeliveryContext } from '@app/broker';
import type { SendMessage } from '@app/contracts';
import type { AttemptLog } from './attempt-log';
import { Delivery } from './delivery';
import type { Outcome } from './outcome';
import { Pacers } from './pace';
import type { Sender } from './send';
import type { RecordKeeper, Settle } from './settle';

const rate = { limit: 1000, windowMs: 1 };
const clock = {
  now: () => performance.timeOrigin + performance.now(),
  timer: (ms: number, fn: () => void) => {
    const timer = setTimeout(fn, ms);
    return () => clearTimeout(timer);
  },
};
const context = { headers: {}, message: {}, queue: 'q' } as unknown as DeliveryContext;
const command = (id: string): SendMessage => ({
  version: 1,
  id,
  bot: 'default',
  method: 'sendMessage',
  payload: {},
  chat_id: 42,
  priority: 'normal',
  on_uncertain: 'resend',
  created_at: 0,
});

/** The real pipeline and pacer; what lies beyond the process is played by functions that write down what they are asked. */
function pipeline(send: (id: number) => Promise<Outcome>) {
  const settled: string[] = [];
  let calls = 0;
  const settle = {
    isStale: () => false,
    park: (_: unknown, notBefore: number) => (
      settled.push(`park ${Math.round((notBefore - Date.now()) / 1000)} s`),
      'ack'
    ),
  } as unknown as Settle;
  const keeper = {
    look: async () => ({ kind: 'free' }),
    begin: async () => ({ kind: 'free' }),
    answered: async (_: unknown, __: unknown, { kind }: Outcome) => void settled.push(kind),
    stop: () => undefined,
  } as unknown as RecordKeeper;
  const log = { attempt: (_: unknown, call: () => Promise<Outcome>) => call() } as unknown as AttemptLog;
  const sender = { send: () => send((calls += 1)), stop: async () => undefined } as unknown as Sender;
  const pacers = new Pacers(['default'], { global: rate, private: rate, group: rate }, clock);
  return { delivery: new Delivery(pacers, sender, settle, keeper, log), settled };
}

describe(Delivery.name, () => {
  it('hands a message back after a bug in its call, and goes on with the chat', async () => {
    const { delivery, settled } = pipeline(async (call) => {
      if (call === 1) throw new Error('a bug');
      return { kind: 'sent', result: true };
    });
    await expect(delivery.deliver(command('a'), context)).rejects.toThrow('a bug');
    expect(await delivery.deliver(command('b'), context)).toBe('ack');
    expect(settled).toEqual(['sent']);
  });

  it('shares the fate of the first between copies of one message', async () => {
    let answer!: (outcome: Outcome) => void;
    const { delivery, settled } = pipeline(() => new Promise((resolve) => (answer = resolve)));
    const both = Promise.all([delivery.deliver(command('a'), context), delivery.deliver(command('a'), context)]);
    await new Promise(setImmediate);
    answer({ kind: 'sent', result: true });
    expect(await both).toEqual(['ack', 'ack']);
    expect(settled).toEqual(['sent']);
  });

  it('parks what Telegram told to wait while the process stops, so that the wait outlives it', async () => {
    let answer!: (outcome: Outcome) => void;
    const { delivery, settled } = pipeline(() => new Promise((resolve) => (answer = resolve)));
    const first = delivery.deliver(command('a'), context);
    const second = delivery.deliver(command('b'), context);
    await new Promise(setImmediate);
    delivery.stop();
    answer({ kind: 'retry', reason: 'rate_limited', scope: 'chat', retryAfterMs: 300_000, usesAttempt: false });
    expect(await Promise.all([first, second])).toEqual(['ack', 'ack']);
    expect(settled).toEqual(['retry', 'park 300 s', 'park 300 s']);
  });
});
