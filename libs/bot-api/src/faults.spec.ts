import type { ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import type { Answer } from './answer';
import { answerJson, closeServers, freePort, listenHttp, listenTcp, TOKEN } from './server.fixture';
import { BotApiTransport, type TransportOptions } from './transport';

const envelope = JSON.stringify({ ok: true, result: { message_id: 1 } });

describe('a call of Telegram that fails', () => {
  let transport: BotApiTransport;
  let answer: Answer;

  /** Calls once; the token shows in no answer, whatever happened. */
  const call = async (apiRoot: string, options: Partial<TransportOptions> = {}): Promise<Answer> => {
    transport = new BotApiTransport({ apiRoot, token: TOKEN, ...options });
    answer = await transport.call('sendMessage', { chat_id: 1, text: 'hi' });
    return answer;
  };

  afterEach(async () => {
    const shown = inspect({ transport, answer }, { depth: Infinity, showHidden: true });
    expect(shown).not.toContain(TOKEN.split(':')[1]);
    await transport.close();
    await closeServers();
  });

  describe('is unreachable, surely not sent,', () => {
    it('where the name does not resolve', async () => {
      expect(await call('http://telegram.invalid')).toEqual({
        kind: 'unreachable',
        code: expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/),
      });
    }, 30_000);

    it('where nothing listens', async () => {
      expect(await call(await freePort())).toEqual({ kind: 'unreachable', code: 'ECONNREFUSED' });
    });

    it('also for calls that waited for a connection', async () => {
      await call(await freePort(), { connections: 2 });
      const answers = await Promise.all(Array.from({ length: 50 }, () => transport.call('getMe', {})));
      expect(answers).toEqual(Array(50).fill({ kind: 'unreachable', code: 'ECONNREFUSED' }));
    });

    it('where the other side does not speak TLS', async () => {
      const { root, received } = await listenHttp();
      expect(await call(root.replace('http', 'https'))).toMatchObject({ kind: 'unreachable' });
      expect(received).toEqual([]);
    });

    it('where TLS never gets through', async () => {
      const root = await listenTcp((socket) => socket.resume());
      expect(await call(root.replace('http', 'https'), { connectTimeoutMs: 100 })).toEqual({
        kind: 'unreachable',
        code: 'UND_ERR_CONNECT_TIMEOUT',
      });
    });
  });

  describe('has no answer, may have been sent,', () => {
    it.each<[string, Answer, (response: ServerResponse) => void]>([
      [
        'cut off in its middle',
        { kind: 'no_answer', code: 'UND_ERR_SOCKET', status: 200 },
        (response) => {
          response.writeHead(200, { 'content-length': envelope.length });
          response.write(envelope.slice(0, 9), () => response.socket!.end());
        },
      ],
      ['empty', { kind: 'no_answer', code: 'EMPTY_BODY', status: 200 }, (response) => void response.end()],
      [
        'JSON of something else',
        { kind: 'no_answer', code: 'NOT_TELEGRAM', status: 200 },
        (response) => answerJson(response, { hello: 1 }),
      ],
      [
        'JSON that is no object',
        { kind: 'no_answer', code: 'NOT_TELEGRAM', status: 200 },
        (response) => answerJson(response, null),
      ],
      [
        'ok without a result',
        { kind: 'no_answer', code: 'NOT_TELEGRAM', status: 200 },
        (response) => answerJson(response, { ok: true }),
      ],
      [
        'a captive portal',
        { kind: 'no_answer', code: 'NOT_JSON', status: 200 },
        (response) => void response.end('<html>Log in</html>'),
      ],
      [
        'a page of a proxy',
        { kind: 'no_answer', code: 'NOT_JSON', status: 502 },
        (response) => void response.writeHead(502).end('<html>Bad gateway</html>'),
      ],
      [
        'a page that quotes the path',
        { kind: 'no_answer', code: 'NOT_JSON', status: 413 },
        (response) => void response.writeHead(413).end(`<html>${response.req.url} too large</html>`),
      ],
      [
        'endless',
        { kind: 'no_answer', code: 'UND_ERR_RES_EXCEEDED_MAX_SIZE', status: 200 },
        (response) => {
          const more = () => response.write(Buffer.alloc(1_000_000, ' '), (error) => error ?? more());
          more();
        },
      ],
    ])('where the answer is %s', async (_what, expected, respond) => {
      const { root, received } = await listenHttp(respond);
      expect(await call(root)).toEqual(expected);
      expect(received).toHaveLength(1);
    });

    it('where the connection is closed after the request', async () => {
      const { root } = await listenHttp((response) => response.socket!.destroy());
      expect(await call(root)).toEqual({ kind: 'no_answer', code: 'UND_ERR_SOCKET' });
    });

    it('where the connection is reset after the request', async () => {
      const { root } = await listenHttp((response) => response.socket!.resetAndDestroy());
      expect(await call(root)).toEqual({ kind: 'no_answer', code: 'ECONNRESET' });
    });

    it('where the answer is not HTTP', async () => {
      const root = await listenTcp((socket) => socket.once('data', () => socket.end('SSH-2.0-x\r\n\r\n')));
      expect((await call(root)).kind).toBe('no_answer');
    });

    it('where the answer never begins', async () => {
      const { root } = await listenHttp(() => undefined);
      const expected = { kind: 'no_answer', code: 'UND_ERR_HEADERS_TIMEOUT' };
      expect(await call(root, { answerTimeoutMs: 150 })).toEqual(expected);
    });

    it('where the answer stops half-way', async () => {
      const { root } = await listenHttp((response) => void response.write('{"ok":'));
      expect(await call(root, { answerTimeoutMs: 150 })).toEqual({
        kind: 'no_answer',
        code: 'UND_ERR_BODY_TIMEOUT',
        status: 200,
      });
    });

    it('where the answer trickles for ever', async () => {
      const { root } = await listenHttp((response) => {
        const drip = setInterval(() => response.write(' '), 20);
        response.on('close', () => clearInterval(drip));
      });
      expect(await call(root, { answerTimeoutMs: 200 })).toEqual({
        kind: 'no_answer',
        code: 'ANSWER_TOO_SLOW',
        status: 200,
      });
    });

    it('and the next call, which waited behind it, is sent once on a fresh connection', async () => {
      let calls = 0;
      const { root, received } = await listenHttp((response) =>
        calls++ === 1 ? response.socket!.resetAndDestroy() : answerJson(response, { ok: true, result: 1 }),
      );
      await call(root, { connections: 1 });
      const answers = await Promise.all([transport.call('getMe', {}), transport.call('getMe', {})]);
      expect(answers.map(({ kind }) => kind)).toEqual(['no_answer', 'ok']);
      expect(received).toHaveLength(3);
    });
  });

  describe('is refused in the words of Telegram,', () => {
    it('parameters kept', async () => {
      const refusal = {
        error_code: 429,
        description: 'Too Many Requests: retry after 7200',
        parameters: { retry_after: 7200 },
      };
      const { root } = await listenHttp((response) => answerJson(response, { ok: false, ...refusal }, 429));
      expect(await call(root)).toEqual({ kind: 'refused', ...refusal });
    });

    it('those of a 5xx kept, too', async () => {
      const refusal = { error_code: 500, description: 'Internal Server Error: restart' };
      const { root } = await listenHttp((response) => answerJson(response, { ok: false, ...refusal }, 500));
      expect(await call(root)).toEqual({ kind: 'refused', ...refusal });
    });

    it('with the HTTP status where the code is missing', async () => {
      const { root } = await listenHttp((response) => answerJson(response, { ok: false }, 403));
      expect(await call(root)).toEqual({ kind: 'refused', error_code: 403, description: '' });
    });

    it('less the token, which a proxy may quote', async () => {
      const { root } = await listenHttp((response) =>
        answerJson(response, { ok: false, error_code: 404, description: `no route ${response.req.url}` }, 404),
      );
      expect(await call(root)).toMatchObject({ description: 'no route /bot<token>/sendMessage' });
    });
  });
});
