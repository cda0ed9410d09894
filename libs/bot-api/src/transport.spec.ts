import { once } from 'node:events';
import { answerJson, closeServers, listenHttp, MESSAGE, TOKEN } from './server.fixture';
import { BotApiTransport, type TransportOptions } from './transport';

describe('BotApiTransport', () => {
  let transport: BotApiTransport;
  const open = (options: Partial<TransportOptions> & { apiRoot: string }) =>
    (transport = new BotApiTransport({ token: TOKEN, ...options }));

  afterEach(async () => {
    await transport?.close();
    await closeServers();
  });

  describe('sends JSON', () => {
    it('to the method below the token, and hands back the result', async () => {
      const { root, received } = await listenHttp();
      expect(await open({ apiRoot: root }).call('sendMessage', { chat_id: 1, text: 'hi' })).toEqual({
        kind: 'ok',
        result: MESSAGE,
      });
      expect(received[0]?.path).toBe(`/bot${TOKEN}/sendMessage`);
      expect(received[0]?.headers['content-type']).toBe('application/json');
    });

    it('with strings byte-exact, numbers and booleans as such, and no parameter that is null or undefined', async () => {
      const { root, received } = await listenHttp();
      const text = 'naïve 👩‍👩‍👧 \u0000 "quoted" \\ \r\n \u2028 привет';
      await open({ apiRoot: root }).call('sendMessage', {
        chat_id: -1001234567890,
        text,
        disable_notification: true,
        parse_mode: null,
        message_thread_id: undefined,
        reply_markup: { inline_keyboard: [[{ text: 'a', url: 'https://x.example/' }]] },
        link_preview_options: { url: 'https://y.example/' },
      });
      expect(JSON.parse(received[0]!.body.toString())).toEqual({
        chat_id: -1001234567890,
        text,
        disable_notification: true,
        reply_markup: { inline_keyboard: [[{ text: 'a', url: 'https://x.example/' }]] },
        link_preview_options: { url: 'https://y.example/' },
      });
    });

    it('for a file by address, which Telegram is to fetch', async () => {
      const { root, received } = await listenHttp();
      await open({ apiRoot: root }).call('sendPhoto', {
        chat_id: 1,
        photo: { url: 'https://pictures.example/1', filename: 'a.jpg' },
      });
      expect(JSON.parse(received[0]!.body.toString())).toEqual({ chat_id: 1, photo: 'https://pictures.example/1' });
    });

    it('for a local path in a payload from outside, which must not read files of this machine', async () => {
      const { root, received } = await listenHttp();
      await open({ apiRoot: root }).call('sendDocument', { chat_id: 1, document: { source: __filename } });
      expect(JSON.parse(received[0]!.body.toString())).toEqual({ chat_id: 1, document: { source: __filename } });
    });

    it('for methods that Telegram adds next year', async () => {
      const { root, received } = await listenHttp();
      await open({ apiRoot: root }).call('sendHologram', {});
      expect(received[0]?.path).toBe(`/bot${TOKEN}/sendHologram`);
    });

    it.each(['', '..', '../bot1:x/getMe', 'a/b', 'sendMessage?x=1', 'send Message', 'a\r\nx: y'])(
      'but nothing for %j, which names no method',
      async (method) => {
        const { root, received } = await listenHttp();
        expect(await open({ apiRoot: root }).call(method, {})).toMatchObject({ kind: 'refused', error_code: 404 });
        expect(received).toEqual([]);
      },
    );
  });

  describe('takes an API root', () => {
    it.each(['/prefix', '/prefix/', '/a/b//'])('with the path %s', async (path) => {
      const { root, received } = await listenHttp();
      await open({ apiRoot: root + path }).call('getMe', {});
      expect(received[0]?.path).toBe(`${path.replace(/\/+$/, '')}/bot${TOKEN}/getMe`);
    });

    it.each([
      '',
      'telegram',
      'ftp://x.example',
      'https://u:p@x.example',
      'https://x.example/?a',
      'https://x.example/#a',
    ])('but refuses %j, without saying the token', (apiRoot) => {
      expect(() => open({ apiRoot })).toThrow(/^the API root must/);
    });

    it.each(['', 'a b', '1:a/../..', '1:a\r\n'])('but refuses the token %j, without saying it', (token) => {
      expect(() => open({ apiRoot: 'https://x.example', token })).toThrow(
        'the bot token is empty or holds characters no token has',
      );
    });
  });

  describe('reuses connections', () => {
    it('for one call after the other', async () => {
      const { root, received } = await listenHttp();
      open({ apiRoot: root });
      for (let n = 0; n < 10; n++) await transport.call('getMe', {});
      // undici rests a connection for one turn of the event loop, so two of them take turns.
      expect(new Set(received.map(({ socket }) => socket.remotePort)).size).toBeLessThanOrEqual(2);
    });

    it('but not one that the server closed while it was idle: the call goes out once, on a fresh one', async () => {
      const { root, received } = await listenHttp();
      open({ apiRoot: root });
      for (let n = 1; n <= 10; n++) {
        expect(await transport.call('getMe', {})).toMatchObject({ kind: 'ok' });
        expect(received).toHaveLength(n);
        const { socket } = received.at(-1)!;
        const closed = once(socket, 'close');
        socket.destroy();
        await closed;
      }
    });

    it('up to the bound, where further calls wait for one', async () => {
      const held: (() => void)[] = [];
      let mostAtATime = 0;
      const { root } = await listenHttp((response) => {
        held.push(() => answerJson(response, { ok: true, result: true }));
        mostAtATime = Math.max(mostAtATime, held.length);
        if (held.length === 3) setImmediate(() => held.splice(0).forEach((release) => release()));
      });
      open({ apiRoot: root, connections: 3 });
      const answers = await Promise.all(Array.from({ length: 12 }, () => transport.call('getMe', {})));
      expect(answers.every(({ kind }) => kind === 'ok')).toBe(true);
      expect(mostAtATime).toBe(3);
    });
  });

  describe('closes', () => {
    it('after the calls in flight, and then sends nothing more', async () => {
      const { root, received } = await listenHttp((response) =>
        setImmediate(() => answerJson(response, { ok: true, result: 1 })),
      );
      open({ apiRoot: root });
      const call = transport.call('getMe', {});
      await Promise.all([transport.close(), transport.close()]);
      expect(await call).toEqual({ kind: 'ok', result: 1 });
      expect(await transport.call('getMe', {})).toMatchObject({ kind: 'unreachable' });
      expect(received).toHaveLength(1);
    });
  });

  describe('obeys an abort', () => {
    const hang = async () => {
      let seen = () => {};
      const arrived = new Promise<void>((resolve) => (seen = resolve));
      return { ...(await listenHttp(() => seen())), arrived };
    };

    it('of a call that is out, which may have been sent', async () => {
      const { root, arrived } = await hang();
      const stop = new AbortController();
      const call = open({ apiRoot: root }).call('sendMessage', {}, { signal: stop.signal });
      await arrived;
      stop.abort();
      expect(await call).toEqual({ kind: 'no_answer', code: 'ABORTED' });
    });

    it('of a call that waits for a connection, which was surely not sent', async () => {
      const { root, arrived, received } = await hang();
      const first = new AbortController();
      const second = new AbortController();
      open({ apiRoot: root, connections: 1 });
      const out = transport.call('sendMessage', { n: 1 }, { signal: first.signal });
      const waiting = transport.call('sendMessage', { n: 2 }, { signal: second.signal });
      await arrived;
      second.abort();
      expect(await waiting).toEqual({ kind: 'unreachable', code: 'ABORTED' });
      first.abort();
      await out;
      await transport.close();
      expect(received).toHaveLength(1);
    });

    it('that came before the call', async () => {
      const { root, received } = await hang();
      const answer = await open({ apiRoot: root }).call('sendMessage', {}, { signal: AbortSignal.abort() });
      expect(answer).toEqual({ kind: 'unreachable', code: 'ABORTED' });
      expect(received).toEqual([]);
    });
  });
});
