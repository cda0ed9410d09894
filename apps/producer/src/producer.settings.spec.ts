import { readProducerSettings } from './producer.settings';

const tokens = { API_TOKENS: 'billing:0123456789abcdef' };

it.each(['127.0.0.1', '127.8.8.8', '::1', 'localhost'])('lets anyone in who comes from %s', (host) => {
  expect(readProducerSettings({ HTTP_HOST: host }).httpHost).toBe(host);
});

it.each(['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.example.org', 'localhost.example.org', 'my-host'])(
  'listens on %s only with API_TOKENS',
  (host) => {
    expect(() => readProducerSettings({ HTTP_HOST: host })).toThrow(/HTTP_HOST must be a loopback address/);
    expect(readProducerSettings({ HTTP_HOST: host, ...tokens }).httpHost).toBe(host);
  },
);

it('needs a default chat for text queues', () => {
  const queues = { TEXT_QUEUES: 'hello' };
  expect(() => readProducerSettings(queues)).toThrow(/TELEGRAM_DEFAULT_CHAT_ID must be set for TEXT_QUEUES/);
  expect(readProducerSettings({ ...queues, TELEGRAM_DEFAULT_CHAT_ID: '1' }).textQueues).toEqual(['hello']);
});

it('knows the bots by name and not their tokens', () => {
  const settings = readProducerSettings({ TELEGRAM_BOT_TOKEN: '1:secret', TELEGRAM_BOT_TOKEN_ALERTS: '2:secret' });
  expect(settings.bots).toEqual(['alerts', 'default']);
  expect(JSON.stringify(settings)).not.toContain('secret');
});
