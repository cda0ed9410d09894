import type { SendMessage } from '@app/contracts';
import { broker, eventually, startNode, startProducer, type Namespace } from '../support';

describe('a plain queue of texts, such as `hello` of the RabbitMQ tutorials', () => {
  let rabbit: Namespace;
  let hello: string;
  beforeEach(async () => {
    rabbit = await broker();
    hello = rabbit.queue('hello');
  });

  const start = (at = rabbit) => startProducer(at, { TEXT_QUEUES: hello, TELEGRAM_DEFAULT_CHAT_ID: '4711' });
  /** What the tutorials' send.py does: declares its queue without any argument, then publishes to it. */
  async function sendAsTutorial(body: string | Buffer, at = rabbit): Promise<void> {
    await at.onChannel((channel) => channel.assertQueue(hello, { durable: false }));
    await at.publish('', hello, body);
  }
  /** The next text on the delivery queue, and where it goes. */
  async function delivered(at = rabbit): Promise<unknown> {
    const message = await eventually(() => at.take(at.names.deliverQueue('default')), 'a text arrives');
    const { data } = JSON.parse(message.content.toString()) as { data: SendMessage };
    return data.payload;
  }
  const isRead = (at = rabbit) => eventually(async () => (await at.consumers(hello)) === 1, `${hello} is read`);

  it('is read where its publisher came first', async () => {
    await sendAsTutorial('Hello World!');
    await start();
    expect(await delivered()).toEqual({ chat_id: '4711', text: 'Hello World!' });
  });

  it('is declared where we come first, so that its publisher may declare it, too', async () => {
    await start();
    await isRead();
    await sendAsTutorial('Hello World!');
    expect(await delivered()).toEqual({ chat_id: '4711', text: 'Hello World!' });
  });

  it.each([
    ['durable', { durable: true }],
    ['quorum', { durable: true, arguments: { 'x-queue-type': 'quorum' } }],
    ['bounded', { durable: false, arguments: { 'x-max-length': 5 } }],
  ])('is read as it stands when it is %s', async (_, options) => {
    await rabbit.onChannel((channel) => channel.assertQueue(hello, options));
    await rabbit.publish('', hello, 'Hello World!');
    await start();
    expect(await delivered()).toEqual({ chat_id: '4711', text: 'Hello World!' });
  });

  it('holds texts, whatever they look like', async () => {
    await start();
    await isRead();
    for (const text of ['{"chat_id":1,"text":"x"}', 'null', '<b>ü</b> 🎉']) {
      await sendAsTutorial(text);
      expect(await delivered()).toEqual({ chat_id: '4711', text });
    }
  });

  it.each([
    ['nothing', ''],
    ['bytes', Buffer.from([255, 254])],
  ])('makes a dead letter of %s', async (_, body) => {
    await start();
    await sendAsTutorial(body);
    const letter = await eventually(() => rabbit.take(rabbit.names.dead), 'a dead letter');
    expect(letter.content.equals(Buffer.from(body))).toBe(true);
    expect(letter.properties.headers).toMatchObject({ 'x-reason': 'invalid_command', 'x-queue': hello });
  });

  it('is declared and read again after it was deleted', async () => {
    await start();
    await isRead();
    await rabbit.onChannel((channel) => channel.deleteQueue(hello));
    await isRead();
    await sendAsTutorial('after');
    expect(await delivered()).toEqual({ chat_id: '4711', text: 'after' });
  });

  it('does not stand in the way of the inbox while somebody else alone may read it', async () => {
    const take = () => undefined;
    await rabbit.onChannel(async (channel) => {
      await channel.assertQueue(hello, { durable: false });
      const { consumerTag } = await channel.consume(hello, take, { exclusive: true });
      await start(); // Resolves when the inbox is read.
      await rabbit.publish(rabbit.names.inbox, 'any', { chat_id: 1, text: 'inbox' });
      expect(await delivered()).toEqual({ chat_id: 1, text: 'inbox' });
      await channel.cancel(consumerTag);
    });
    await sendAsTutorial('at last');
    expect(await delivered()).toEqual({ chat_id: '4711', text: 'at last' });
  });

  it('is declared and read again after the broker was restarted and had forgotten it', async () => {
    const node = await startNode();
    const at = await broker(node.url);
    await start(at);
    await isRead(at);
    await node.restart();
    await eventually(async () => (await at.consumers(hello)) === 1, `${hello} is read again`, 60_000);
    await sendAsTutorial('after', at);
    expect(await delivered(at)).toEqual({ chat_id: '4711', text: 'after' });
  });
});
