import type { Blobs } from '@app/blobs';
import type { Ledger } from '@app/ledger';
import type { DeliveryContext } from '@app/broker';
import type { SendMessage } from '@app/contracts';
import { fresh } from '@app/ledger';
import type { AttemptLog } from './attempt-log';
import { Bots } from './bots';
import type { ConsumerSettings } from './consumer.settings';
import { Delivery } from './delivery';
import { Uploads } from './upload';
import { Flights } from './flights';
import { InHand } from './in-hand';
import type { Outcome } from './outcome';
import { Pacers } from './pace';
import type { Parcel } from './parcel';
import type { Sender } from './send';
import type { ChatBook, Clients, Conclusion, RecordKeeper, Settle } from './settle';
import type { WaitingRooms } from './wait';

const rate = { limit: 1000, windowMs: 1 };
const clock = {
  now: () => performance.timeOrigin + performance.now(),
  timer: (ms: number, fn: () => void) => {
    const timer = setTimeout(fn, ms).unref();
    return () => clearTimeout(timer);
  },
};
const context = {
  headers: {},
  message: {},
  queue: 'q',
  isLive: true,
  isPulled: false,
} as unknown as DeliveryContext & {
  isLive: boolean;
};
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
function pipeline(send: (id: number) => Promise<Outcome>, begin = async () => fresh) {
  const settled: string[] = [];
  const room: string[] = [];
  let calls = 0;
  const keeper = {
    look: async () => fresh,
    begin,
    answered: async (parcel: Parcel, _: unknown, { outcome, settlement }: Conclusion) => {
      settled.push(outcome.kind);
      return { ...parcel, ...('attempts' in settlement && { attempts: settlement.attempts }) };
    },
    stop: () => undefined,
  } as unknown as RecordKeeper;
  const log = { attempt: (_: unknown, call: () => Promise<Outcome>) => call() } as unknown as AttemptLog;
  const sender = { send: () => send((calls += 1)), stop: async () => undefined } as unknown as Sender;
  const chats = {
    ...{ chatNow: (_: string, chat: string) => chat, suppressed: () => undefined },
    ...{ hear: () => undefined, stop: () => undefined },
  } as unknown as ChatBook;
  const clients = { tell: () => false } as unknown as Clients;
  const pacers = new Pacers(['default'], { global: rate, private: rate, group: rate }, clock);
  const bots = new Bots({ bots: [{ name: 'default' }] } as ConsumerSettings, pacers, sender, chats);
  const flights = new Flights();
  const uploads = new Uploads({} as Ledger, {} as Blobs, { uploadLimit: 1, fileAllow: [] });
  bots.of('default').rooms = {
    has: () => room.length > 0,
    put: async (line: string, { command: { id } }: Parcel) => {
      const first = flights.inLine(`default ${line}`)?.command.id;
      for (const one of room.length === 0 && first ? [first, id] : [id]) if (!room.includes(one)) room.push(one);
      return true;
    },
  } as unknown as WaitingRooms;
  return {
    delivery: new Delivery(bots, flights, sender, {} as Settle, keeper, chats, clients, new InHand(), log, uploads),
    settled,
    room,
  };
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

  it('hands a message back after a bug in its record, and goes on with the chat', async () => {
    const begin = jest.fn(async () => fresh).mockRejectedValueOnce(new Error('a bug'));
    const { delivery, settled } = pipeline(async () => ({ kind: 'sent', result: true }), begin);
    await expect(delivery.deliver(command('a'), context)).rejects.toThrow('a bug');
    expect(await delivery.deliver(command('b'), context)).toBe('ack');
    expect(settled).toEqual(['sent']);
  });

  it('makes no further call for a message that the broker has taken back meanwhile', async () => {
    const delivered = { ...context };
    const { delivery, settled } = pipeline(async () => {
      delivered.isLive = false;
      return { kind: 'retry', reason: 'telegram_unavailable', scope: 'message', retryAfterMs: 1, usesAttempt: false };
    });
    expect(await delivery.deliver(command('a'), delivered as typeof context)).toBe('leave');
    expect(settled).toEqual(['retry']);
  });

  it('looks at a copy of a message again only when the first is settled', async () => {
    const answers: ((outcome: Outcome) => void)[] = [];
    const { delivery, settled } = pipeline(() => new Promise((resolve) => answers.push(resolve)));
    const first = delivery.deliver(command('a'), context);
    await new Promise(setImmediate);
    void delivery.deliver(command('a'), context);
    await new Promise(setImmediate);
    expect(answers).toHaveLength(1);
    answers[0]!({ kind: 'sent', result: true });
    expect(await first).toBe('ack');
    expect(settled).toEqual(['sent']);
  });

  it('puts a message that must wait long into the room of its chat, before those behind it', async () => {
    let answer!: (outcome: Outcome) => void;
    const { delivery, settled, room } = pipeline(() => new Promise((resolve) => (answer = resolve)));
    const all = ['a', 'b', 'c'].map((id) => delivery.deliver(command(id), context));
    await new Promise(setImmediate);
    answer({ kind: 'retry', reason: 'rate_limited', scope: 'chat', retryAfterMs: 300_000, usesAttempt: false });
    expect(await Promise.all(all)).toEqual(['ack', 'ack', 'ack']);
    expect(await delivery.deliver(command('d'), context)).toBe('ack');
    expect(settled).toEqual(['retry']);
    expect(room).toEqual(['a', 'b', 'c', 'd']);
  });

  it('leaves what has not begun to the broker while the process stops', async () => {
    let answer!: (outcome: Outcome) => void;
    const { delivery, settled } = pipeline(() => new Promise((resolve) => (answer = resolve)));
    const first = delivery.deliver(command('a'), context);
    const second = delivery.deliver(command('b'), context);
    await new Promise(setImmediate);
    delivery.stop();
    answer({ kind: 'retry', reason: 'rate_limited', scope: 'chat', retryAfterMs: 300_000, usesAttempt: false });
    expect(await Promise.all([first, second])).toEqual(['leave', 'leave']);
    expect(settled).toEqual(['retry']);
  });
});
