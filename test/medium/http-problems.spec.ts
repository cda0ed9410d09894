import { connect } from 'node:net';
import { broker, cleanUp, post, request, startProducer, type Answer, type Namespace } from '../support';

/** Fails unless the answer is a problem as RFC 9457 has it. */
function expectProblem({ headers, body, status }: Answer<Record<string, unknown>>, expected: number, code: string) {
  expect(body).toMatchObject({ status: expected, code, title: expect.any(String), detail: expect.any(String) });
  expect(status).toBe(expected);
  expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(JSON.stringify(body)).not.toMatch(/\bat .*\.(ts|js)|node_modules/);
}

describe('what the producer refuses', () => {
  let rabbit: Namespace;
  let url: string;
  beforeAll(async () => {
    rabbit = await broker();
    ({ url } = await startProducer(rabbit));
  });
  afterAll(async () => expect(await rabbit.count(rabbit.names.deliverQueue('default'))).toBe(0));

  it.each(['/', '/v1', '/v1/message', '/v2/messages', '/v1/messages/../../etc/passwd', '/v1/message?x=%'])(
    'says that nothing is at %s',
    async (path) => expectProblem(await request(`${url}${path}`), 404, 'not_found'),
  );

  it.each(['PUT', 'PATCH', 'DELETE'])('knows no %s there', async (method) => {
    expectProblem(await request(`${url}/v1/messages`, { method }), 404, 'not_found');
  });

  it.each([
    ['application/xml', '<text>hello</text>'],
    ['multipart/mixed; boundary=x', '--x--'],
    // A browser would post these two for any web page, without asking first.
    ['application/x-www-form-urlencoded', 'chat_id=1&text=hello'],
    ['text/plain', '{"chat_id":1,"text":"hello"}'],
    ['nonsense', '{"chat_id":1,"text":"x"}'],
  ])('does not read %s', async (contentType, body) => {
    expectProblem(await post(url, body, { 'content-type': contentType }), 415, 'unsupported_media_type');
  });

  it.each([
    ['nothing', ''],
    ['white space', '  \n'],
    ['half an object', '{"chat_id":1,"text":"x"'],
    ['two objects', '{"chat_id":1,"text":"x"}{"chat_id":1,"text":"x"}'],
    ['NaN', '{"chat_id":NaN,"text":"x"}'],
    ['single quotes', "{'chat_id':1,'text':'x'}"],
    ['a prototype', '{"chat_id":1,"text":"x","__proto__":{"method":"sendPhoto"}}'],
  ])('does not take %s for JSON', async (_, body) => {
    expectProblem(await post(url, body), 400, 'invalid_body');
  });

  it('does not guess what bytes that are not UTF-8 should mean', async () => {
    expectProblem(await post(url, Buffer.from('{"chat_id":1,"text":"caf\xe9"}', 'latin1')), 400, 'invalid_body');
  });

  it('takes no body above 4 MiB', async () => {
    const body = JSON.stringify({ chat_id: 1, text: 'x'.repeat(4 * 1024 * 1024) });
    expectProblem(await post(url, body), 413, 'payload_too_large');
  });

  it('answers an address that cannot be decoded', async () => {
    expectProblem(await request(`${url}/v1/messages/%E0%A4%A`), 400, 'bad_request');
  });

  it('lets go of a client that is no HTTP client', async () => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    cleanUp(() => socket.destroy());
    socket.end('EHLO example.org\r\n\r\n');
    const answer = Buffer.concat(await socket.toArray()).toString();
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 400 [^]*application\/problem\+json/);
    expect(JSON.parse(body)).toMatchObject({ status: 400, code: 'bad_request' });
  });

  it('keeps on answering after all of that', async () => {
    expect((await request(`${url}/health/ready`)).status).toBe(200);
  });
});

describe('API_TOKENS', () => {
  const tokens = { API_TOKENS: 'billing:s3cret-of-billing-1,cron:s3cret-of-cron-2222' };
  const message = { chat_id: 1, text: 'x' };
  let rabbit: Namespace;
  let url: string;
  beforeAll(async () => {
    rabbit = await broker();
    ({ url } = await startProducer(rabbit, tokens));
  });

  it.each(['s3cret-of-billing-1', 's3cret-of-cron-2222'])('lets in who knows a secret', async (secret) => {
    expect((await post(url, message, { authorization: `Bearer ${secret}` })).status).toBe(202);
    expect(await rabbit.takeAll(rabbit.names.deliverQueue('default'))).toHaveLength(1);
  });

  it.each([
    ['nothing', undefined],
    ['another secret', 'Bearer s3cret-of-billing-2'],
    ['the beginning of a secret', 'Bearer s3cret-of-billing-'],
    ['a secret and more', 'Bearer s3cret-of-billing-11'],
    ['the name with the secret', 'Bearer billing:s3cret-of-billing-1'],
    ['an empty secret', 'Bearer '],
    ['another scheme', 'Basic s3cret-of-billing-1'],
    ['no scheme', 's3cret-of-billing-1'],
    ['a very long secret', `Bearer ${'x'.repeat(10_000)}`],
  ])('keeps out who sends %s', async (_, authorization) => {
    const answer = await post(url, message, authorization === undefined ? {} : { authorization });
    expectProblem(answer, 401, 'unauthorized');
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect(JSON.stringify(answer.body)).not.toContain('s3cret');
    expect(await rabbit.count(rabbit.names.deliverQueue('default'))).toBe(0);
  });

  it.each(['/%761/messages', '/v%31/messages', '//v1/messages', '/v1/messages/', '/V1/messages', '/v1/messages?x=1'])(
    'keeps out who writes the address as %s',
    async (path) => {
      const answer = await request(`${url}${path}`, {
        method: 'POST',
        body: JSON.stringify(message),
        headers: { 'content-type': 'application/json' },
      });
      expect([401, 404]).toContain(answer.status);
      expect(await rabbit.count(rabbit.names.deliverQueue('default'))).toBe(0);
    },
  );

  it('asks for the secret before it looks at the message', async () => {
    expectProblem(await post(url, { text: 7 }), 401, 'unauthorized');
  });

  it('tells anyone whether the app is healthy', async () => {
    expect((await request(`${url}/health/live`)).status).toBe(200);
    expect((await request(`${url}/health/ready`)).status).toBe(200);
  });

  it.each(['0.0.0.0', '::', '192.0.2.1', 'example.org'])('is needed to listen on %s', async (host) => {
    const starting = () => startProducer(rabbit, { HTTP_HOST: host });
    expect(starting).toThrow(/HTTP_HOST must be a loopback address while API_TOKENS is not set/);
  });
});
