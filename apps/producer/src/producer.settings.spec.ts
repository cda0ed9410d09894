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

it.each([
  ['telegramq.dead', {}],
  ['hello,mine.inbox', { QUEUE_PREFIX: 'mine' }],
])('does not read texts from %s, a queue of its own', (queues, prefix) => {
  const environment = { TEXT_QUEUES: queues, TELEGRAM_DEFAULT_CHAT_ID: '1' };
  expect(() => readProducerSettings({ ...environment, ...prefix })).toThrow(
    /TEXT_QUEUES must .* QUEUE_PREFIX and a dot/,
  );
  expect(readProducerSettings({ ...environment, QUEUE_PREFIX: 'other' }).textQueues).toEqual(queues.split(','));
});

it('reads texts from a queue that only begins like its own', () => {
  const environment = { TEXT_QUEUES: 'telegramq-texts,telegramq', TELEGRAM_DEFAULT_CHAT_ID: '1' };
  expect(readProducerSettings(environment).textQueues).toEqual(['telegramq-texts', 'telegramq']);
});

it('knows the bots, and the tokens by which the Bot API door knows them', () => {
  const settings = readProducerSettings({ TELEGRAM_BOT_TOKEN: '1:secret', TELEGRAM_BOT_TOKEN_ALERTS: '2:secret' });
  expect(settings.bots).toEqual(['alerts', 'default']);
  expect(settings.botTokens).toEqual([
    { name: 'alerts', token: '2:secret' },
    { name: 'default', token: '1:secret' },
  ]);
});

it('names every wrong variable at once, rules between them and names of bots included', () => {
  const wrong = { HTTP_HOST: '0.0.0.0', TEXT_QUEUES: 'hello', LOG_LEVEL: 'chatty', TELEGRAM_BOT_TOKEN_alerts: '1:a' };
  const names = ['LOG_LEVEL', 'TELEGRAM_BOT_TOKEN_alerts', 'HTTP_HOST', 'TELEGRAM_DEFAULT_CHAT_ID'];
  expect(() => readProducerSettings(wrong)).toThrow(new RegExp(names.map((name) => `- ${name} must`).join('[^]*')));
});

it('says nothing of a rule whose variables are wrong themselves', () => {
  const wrong = { HTTP_HOST: '0.0.0.0', API_TOKENS: 'short', TEXT_QUEUES: 'hello', TELEGRAM_DEFAULT_CHAT_ID: '0' };
  expect(() => readProducerSettings(wrong)).toThrow(/API_TOKENS must[^]*TELEGRAM_DEFAULT_CHAT_ID must/);
  expect(() => readProducerSettings(wrong)).not.toThrow(/HTTP_HOST|must be set/);
  const noFile = { HTTP_HOST: '0.0.0.0', API_TOKENS_FILE: '/none/here' };
  expect(() => readProducerSettings(noFile)).toThrow(/API_TOKENS_FILE must name a file/);
  expect(() => readProducerSettings(noFile)).not.toThrow(/HTTP_HOST/);
});

it('opens a bucket with both keys, or with those that the AWS SDK finds', () => {
  const [one, both] = [{ BLOB_ACCESS_KEY: 'a' }, { BLOB_ACCESS_KEY: 'a', BLOB_SECRET_KEY: 'b' }];
  const environment = {};
  expect(() => readProducerSettings({ ...environment, ...one })).toThrow(
    /BLOB_ACCESS_KEY and BLOB_SECRET_KEY must be set together/,
  );
  expect(readProducerSettings({ ...environment, ...both })).toMatchObject({ blobAccessKey: 'a', blobSecretKey: 'b' });
});
