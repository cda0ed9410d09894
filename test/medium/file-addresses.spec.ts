import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Sandbox } from '../../apps/sandbox/src/sandbox';
import { aCommand, aSandbox, broker, cleanUp, eventually, queue, startConsumer, type Namespace } from '../support';

describe('files by address that Telegram cannot fetch', () => {
  let rabbit: Namespace;
  let sandbox: Sandbox;
  let root: string;
  let asked: string[];
  let chat = 1000;
  beforeAll(async () => {
    [rabbit, sandbox] = await Promise.all([broker(), aSandbox()]);
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      if (request.url === '/cat.jpg') response.writeHead(200, { 'content-type': 'image/jpeg' }).end('a cat');
      else if (request.url === '/page') response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Log in');
      else if (request.url === '/on')
        response.writeHead(302, { location: root.replace('localhost', '127.0.0.1') }).end();
      else if (request.url === '/large') response.writeHead(200).end(Buffer.alloc(2 * 1024 * 1024));
      else response.writeHead(404).end('not here');
    }).listen(0);
    await once(server, 'listening');
    cleanUp(() => server.close());
    root = `http://localhost:${(server.address() as AddressInfo).port}`;
    // By its name the host is allowed, by its address it is not.
    await startConsumer(rabbit, { TELEGRAM_API_ROOT: sandbox.url, FILE_ALLOW: 'localhost', UPLOAD_LIMIT: '1' });
  });
  beforeEach(() => {
    chat += 1;
    asked = [];
    const description = 'Bad Request: failed to get HTTP URL content';
    sandbox.fault({ match: { chat_id: chat }, fault: { kind: 'code', error_code: 400, description }, times: 1 });
  });

  const send = (photo: string) => queue(rabbit, aCommand({ chat_id: chat, method: 'sendPhoto', payload: { photo } }));

  it('are fetched and uploaded', async () => {
    await send(`${root}/cat.jpg`);
    const accepted = () => sandbox.accepted().filter(({ chat_id }) => chat_id === chat);
    await eventually(() => accepted().length === 1, 'it arrived');
    const sha256 = createHash('sha256').update('a cat').digest('hex');
    expect(accepted()[0]?.files).toMatchObject([{ name: 'cat.jpg', type: 'image/jpeg', sha256 }]);
  });

  it.each([
    ['answer 404', '/gone', 'its address answered 404', ['/gone']],
    ['are a web page', '/page', 'its address answered with a web page', ['/page']],
    ['are too large', '/large', 'it is larger than 1048576 bytes', ['/large']],
    ['lead on to a private address', '/on', 'its address is not public, and FILE_ALLOW does not name it', ['/on']],
  ])('are a dead letter where they %s, and no error page is sent', async (_, path, why, asks) => {
    await send(root + path);
    const letter = await eventually(() => rabbit.take(rabbit.names.dead), 'a dead letter');
    expect(letter.properties.headers).toMatchObject({
      'x-reason': 'bad_file',
      'x-description': `the file cannot be fetched: ${why}`,
    });
    expect(asked).toEqual(asks);
    expect(sandbox.journal({ chat_id: chat })).toHaveLength(1);
  });

  it.each(['127.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '169.254.169.254', '10.0.0.1', '2130706433'])(
    'are never asked for at %s',
    async (host) => {
      await send(`${root.replace('localhost', host)}/cat.jpg`);
      const letter = await eventually(() => rabbit.take(rabbit.names.dead), 'a dead letter');
      expect(letter.properties.headers).toMatchObject({
        'x-reason': 'bad_file',
        'x-description': expect.stringContaining('is not public') as string,
      });
      expect(asked).toEqual([]);
    },
  );
});
