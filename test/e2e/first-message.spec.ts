import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { post, startNode } from '../support';
import { aSystem } from './system';

const texts = (calls: { params: Record<string, unknown> }[]) => calls.map(({ params }) => params.text);

describe('The first message', () => {
  it('stands in its chat after an answer 202 that names it', async () => {
    const { sandbox, producer, consumer } = await aSystem();
    const [{ url }] = await Promise.all([producer(), consumer()]);

    const { status, headers, body } = await post(url, { chat_id: 1001, text: 'Hello' });

    expect(status).toBe(202);
    expect(body).toEqual({
      id: expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/),
      status: 'queued',
      chat_id: 1001,
      method: 'sendMessage',
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    });
    expect(headers.get('location')).toBe(`/v1/messages/${String(body.id)}`);
    const [call] = await sandbox.waitFor(1, 15_000);
    expect(call).toMatchObject({ method: 'sendMessage', chat_id: 1001, params: { chat_id: 1001, text: 'Hello' } });
  });

  it('can be published to the inbox as a JSON body, in the envelope of Nest, or as plain text', async () => {
    const { at, sandbox, producer, consumer } = await aSystem();
    await Promise.all([producer(), consumer()]);
    const { inbox } = at.names;

    await at.publish(inbox, 'anything', { chat_id: 1001, text: 'as JSON' });
    await at.publish(inbox, '', { pattern: 'message.send', data: { chat_id: 1001, text: 'from Nest' } });
    await at.publish(inbox, '', 'as text', { contentType: 'text/plain', headers: { chat_id: 1001 } });

    expect(texts(await sandbox.waitFor(3, 15_000)).sort()).toEqual(['as JSON', 'as text', 'from Nest']);
  });

  it('waits in the inbox, published there before any app has started again', async () => {
    const { at, sandbox, producer, consumer } = await aSystem();
    await (await producer()).kill('SIGTERM');
    await at.publish(at.names.inbox, '', { chat_id: 1001, text: 'early' });
    await Promise.all([producer(), consumer()]);

    expect(texts(await sandbox.waitFor(1, 15_000))).toEqual(['early']);
  });
});

/** Debian's own interpreter, which has the pika of the package python3-pika, where there is one. */
const python = ['/usr/bin/python3', 'python3'].find((name) => spawnSync(name, ['-c', 'import pika']).status === 0);
const withPython = python ? it : it.skip;
const sendFromPython = (brokerUrl: string, queue: string) =>
  promisify(execFile)(python ?? '', [join(__dirname, 'hello_sender.py'), new URL(brokerUrl).port, queue]);

describe('The first program of the RabbitMQ tutorials, in Python', () => {
  withPython('reaches the default chat through a queue that TelegraMQ has declared', async () => {
    const { at, sandbox, producer, consumer } = await aSystem();
    const queue = at.queue('hello');
    await Promise.all([producer({ TEXT_QUEUES: queue, TELEGRAM_DEFAULT_CHAT_ID: '1001' }), consumer()]);

    await sendFromPython(at.url, queue);

    const [call] = await sandbox.waitFor(1, 15_000);
    expect(call).toMatchObject({ chat_id: 1001, params: { text: 'Hello World!' } });
  });

  withPython(
    'reaches the default chat through `hello`, which it has declared before TelegraMQ came',
    async () => {
      const { url: brokerUrl } = await startNode();
      await sendFromPython(brokerUrl, 'hello');
      const { sandbox, producer, consumer } = await aSystem({ brokerUrl });
      await Promise.all([producer({ TEXT_QUEUES: 'hello', TELEGRAM_DEFAULT_CHAT_ID: '1001' }), consumer()]);
      await sandbox.waitFor(1, 15_000);

      await sendFromPython(brokerUrl, 'hello');

      expect(texts(await sandbox.waitFor(2, 15_000))).toEqual(['Hello World!', 'Hello World!']);
    },
    120_000,
  );
});
