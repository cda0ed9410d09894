import { inspect } from 'node:util';
import { Test } from '@nestjs/testing';
import { getBotToken, TELEGRAF_ALL_BOTS } from 'nestjs-telegraf';
import { type Context, Telegraf, TelegramError } from 'telegraf';
import { SendModule } from './send.module';
import { Sender } from './sender';
import {
  answerJson,
  closeServers,
  freePort,
  listenHttp,
  MESSAGE,
  TOKEN,
} from '../../../../libs/bot-api/src/server.fixture';

const OTHER_TOKEN = '654321:BBother-token_of-the-test';
const bots = [
  { name: 'default', token: TOKEN },
  { name: 'alerts', token: OTHER_TOKEN },
];

const start = async (apiRoot: string, named = bots) => {
  const app = await Test.createTestingModule({ imports: [SendModule.register(named, apiRoot)] }).compile();
  return app.init();
};

describe('SendModule', () => {
  afterEach(closeServers);

  it('starts and stops with two bots while Telegram is away, twice in one process', async () => {
    const apiRoot = await freePort();
    for (let n = 0; n < 2; n++) {
      const app = await start(apiRoot);
      const sender = app.get(Sender);
      expect(sender.bots).toEqual(['default', 'alerts']);
      expect(await sender.send('alerts', 'sendMessage', { chat_id: 1, text: 'hi' })).toMatchObject({
        kind: 'retry',
        reason: 'network_unreachable',
      });
      await expect(app.close()).resolves.toBeUndefined();
    }
  });

  it('keeps two apps in one process apart, and leaves nothing of them behind', async () => {
    const [here, there] = [await listenHttp(), await listenHttp()];
    const first = await start(here.root);
    const second = await start(there.root);
    const allBots = second.get<Map<string, Telegraf>>(TELEGRAF_ALL_BOTS, { strict: false });
    await first.close();
    expect(await second.get(Sender).send('default', 'sendMessage', {})).toEqual({ kind: 'sent', result: MESSAGE });
    expect(here.received).toEqual([]);
    expect(allBots.size).toBe(2);
    await second.close();
    expect(allBots.size).toBe(0);
  });

  it('starts without a bot', async () => {
    const app = await start('https://api.telegram.org', []);
    expect(app.get(Sender).bots).toEqual([]);
    await app.close();
  });

  it('sends each bot’s messages with its own token', async () => {
    const { root, received } = await listenHttp();
    const app = await start(root);
    await app.get(Sender).send('default', 'sendMessage', {});
    await app.get(Sender).send('alerts', 'sendMessage', {});
    expect(received.map(({ path }) => path)).toEqual([`/bot${TOKEN}/sendMessage`, `/bot${OTHER_TOKEN}/sendMessage`]);
    await app.close();
  });

  it('throws for a bot that is not configured, and for an API root that is none', async () => {
    const app = await start(await freePort());
    await expect(app.get(Sender).send('nobody', 'sendMessage', {})).rejects.toThrow('no bot is named "nobody"');
    await app.close();
    await expect(start('telegram')).rejects.toThrow(/^the API root must be/);
  });

  describe('the bot of nestjs-telegraf', () => {
    const open = async (apiRoot: string) => {
      const app = await start(apiRoot);
      return { app, bot: app.get<Telegraf>(getBotToken('default'), { strict: false }) };
    };

    it('calls through our transport, uploads with objects included', async () => {
      const { root, received } = await listenHttp();
      const { app, bot } = await open(root);
      expect(
        await bot.telegram.sendPhoto(1, { source: Buffer.from('x') }, { reply_parameters: { message_id: 5 } }),
      ).toEqual(MESSAGE);
      expect(received[0]!.body.toString()).toContain('{"message_id":5}');
      await app.close();
    });

    it('does so in the context of an update, too', async () => {
      const { root, received } = await listenHttp();
      const { app, bot } = await open(root);
      let context: Context | undefined;
      bot.botInfo = { id: 1, is_bot: true, first_name: 'b', username: 'b' } as Telegraf['botInfo'];
      bot.on('message', (current) => (context = current).reply('pong'));
      const message = { message_id: 1, date: 1, chat: { id: 9, type: 'private', first_name: 'a' }, text: 'ping' };
      await bot.handleUpdate({ update_id: 1, message } as Parameters<Telegraf['handleUpdate']>[0]);
      expect(JSON.parse(received[0]!.body.toString())).toEqual({ chat_id: 9, text: 'pong' });
      expect(inspect({ context, bot }, { depth: Infinity })).not.toContain(TOKEN.split(':')[1]);
      await app.close();
    });

    it('throws telegraf’s own error for a refusal, with parameters and without the message', async () => {
      const { root } = await listenHttp((response) =>
        answerJson(
          response,
          { ok: false, error_code: 429, description: 'Too Many Requests', parameters: { retry_after: 9 } },
          429,
        ),
      );
      const { app, bot } = await open(root);
      const error = await bot.telegram.sendMessage(1, 'the secret text').catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(TelegramError);
      expect(error).toMatchObject({ code: 429, description: 'Too Many Requests', parameters: { retry_after: 9 } });
      expect(inspect(error, { depth: Infinity, showHidden: true })).not.toMatch(/the secret text|AAsecret/);
      await app.close();
    });

    it('throws an error without the token where no answer came', async () => {
      const { root } = await listenHttp((response) => response.socket!.destroy());
      const { app, bot } = await open(root);
      const error = await bot.telegram.getMe().catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        name: 'FetchError',
        kind: 'no_answer',
        message: 'getMe: no_answer (UND_ERR_SOCKET)',
      });
      expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain('AAsecret');
      await app.close();
    });

    it('ends its long poll on shutdown, and confirms the updates it had', async () => {
      let polled = () => {};
      const polling = new Promise<void>((resolve) => (polled = resolve));
      const { root, received } = await listenHttp((response, { path, body }) => {
        if (path.endsWith('/getUpdates') && !body.toString().includes('"limit":1')) return polled();
        answerJson(response, { ok: true, result: path.endsWith('/getMe') ? { id: 1, username: 'b' } : [] });
      });
      const { app, bot } = await open(root);
      const launched = bot.launch();
      await polling;
      await app.close();
      await expect(launched).resolves.toBeUndefined();
      expect(received.at(-1)?.body.toString()).toBe('{"offset":0,"limit":1}');
    });
  });
});
