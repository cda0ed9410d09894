import { problems } from '@app/contracts';
import fc from 'fast-check';
import { once } from 'node:events';
import { connect } from 'node:net';
import { Pool } from 'undici';
import { broker, cleanUp, post, request, startProducer, type Namespace } from '../support';
import { hostile, type Hostile } from './hostile-bodies';

describe('the producer among hostile clients', () => {
  let rabbit: Namespace;
  let url: string;
  let pool: Pool;
  beforeAll(async () => {
    rabbit = await broker();
    ({ url } = await startProducer(rabbit));
    pool = new Pool(url, { connections: 50, headersTimeout: 20_000 });
    cleanUp(() => pool.close());
  });
  afterEach(async () => {
    expect((await request(`${url}/health/ready`)).status).toBe(200);
    expect(await rabbit.count(rabbit.names.deliverQueue('default'))).toBe(0);
  });

  async function send({
    body,
    contentType,
  }: Hostile): Promise<{ status: number; contentType: unknown; code: unknown }> {
    const headers = { 'content-type': contentType };
    const answer = await pool.request({ method: 'POST', path: '/v1/messages', headers, body });
    const text = await answer.body.text();
    const type = answer.headers['content-type'];
    return { status: answer.statusCode, contentType: type, code: (JSON.parse(text) as { code: unknown }).code };
  }

  it('refuses 10,000 bodies of all kinds with a problem, and queues none', async () => {
    const batches = fc.array(hostile, { minLength: 100, maxLength: 100, size: 'max' });
    const property = fc.asyncProperty(batches, async (batch) => {
      const answers = await Promise.all(batch.map(send));
      for (const { status, contentType, code } of answers) {
        expect([400, 413, 415]).toContain(status);
        expect(contentType).toMatch(/^application\/problem\+json/);
        expect(Object.keys(problems)).toContain(code);
      }
    });
    await fc.assert(property, { numRuns: 100, endOnFailure: true });
  });

  it.each([
    ['one text', () => JSON.stringify({ chat_id: 1, text: 'x'.repeat(5_000_000) })],
    ['an array of small messages', () => JSON.stringify(Array(200_000).fill({ chat_id: 1, text: 'x' }))],
    ['nesting', () => `{"chat_id":1,"text":"x","extra":${'['.repeat(2_500_000)}${']'.repeat(2_500_000)}}`],
  ])('refuses 5 MB of %s', async (_, body) => {
    expect(await post(url, body())).toMatchObject({ status: 413, body: { code: 'payload_too_large' } });
  });

  const body = '{"chat_id":1,"text":"x"}';
  it.each([
    ['shorter than the body', `Content-Length: ${body.length - 1}\r\n\r\n${body}`],
    ['longer than the body', `Content-Length: ${body.length + 1}\r\n\r\n${body}`],
    ['of less than nothing', `Content-Length: -1\r\n\r\n${body}`],
    ['that is no number', `Content-Length: many\r\n\r\n${body}`],
    ['beyond every number', `Content-Length: ${'9'.repeat(30)}\r\n\r\n${body}`],
    ['twice', `Content-Length: ${body.length}\r\nContent-Length: 5\r\n\r\n${body}`],
    ['and chunks as well', `Content-Length: ${body.length}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['nowhere, and chunks that are none', `Transfer-Encoding: chunked\r\n\r\n${body}`],
    ['nowhere, and no body', '\r\n'],
  ])('refuses a length %s', async (_, rest) => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    cleanUp(() => socket.destroy());
    socket.end(`POST /v1/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${rest}`);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 4\d\d [^]*application\/problem\+json[^]*"code":"/i);
  });
});
