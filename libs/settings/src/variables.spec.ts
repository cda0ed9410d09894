import { readSettings } from './read';
import { variables } from './variables';

type Key = keyof typeof variables;

const value = (key: Key, text: string) => {
  const variable = variables[key];
  return (readSettings({ [variable.name]: text }, { [key]: variable }) as Record<string, unknown>)[key];
};

it.each<[Key, string, unknown]>([
  ['rabbitmqUrls', 'amqp://a:b@c:1/v', ['amqp://a:b@c:1/v']],
  ['rabbitmqUrls', 'amqp://one, amqps://two ,', ['amqp://one', 'amqps://two']],
  ['queuePrefix', 'team-a_1', 'team-a_1'],
  ['blobUrl', 'file:./data/blobs', 'file:./data/blobs'],
  ['blobUrl', 's3://files?region=eu-central-1', 's3://files?region=eu-central-1'],
  ['blobUrl', 's3://my.files/a/b?endpoint=http://minio:9000', 's3://my.files/a/b?endpoint=http://minio:9000'],
  ['httpHost', '0.0.0.0', '0.0.0.0'],
  ['httpPort', '0', 0],
  ['httpPort', '65535', 65_535],
  ['consumerHttpPort', '3001', 3001],
  ['apiTokens', 'a.b-c_1:0123456789abcdef', [{ name: 'a.b-c_1', secret: '0123456789abcdef' }]],
  ['apiTokens', 'a:!"#$%&()*+-./:;<=>?@[]^_`{|}~', [{ name: 'a', secret: '!"#$%&()*+-./:;<=>?@[]^_`{|}~' }]],
  ['apiTokens', 'a:with:colons:0123456', [{ name: 'a', secret: 'with:colons:0123456' }]],
  [
    'apiTokens',
    'a:0123456789abcdef , b:fedcba9876543210',
    [
      { name: 'a', secret: '0123456789abcdef' },
      { name: 'b', secret: 'fedcba9876543210' },
    ],
  ],
  ['telegramApiRoot', 'https://api.telegram.org', 'https://api.telegram.org'],
  ['telegramApiRoot', 'http://127.0.0.1:8081/with/path/', 'http://127.0.0.1:8081/with/path/'],
  ['defaultChatId', '123456789', '123456789'],
  ['defaultChatId', '-1001234567890', '-1001234567890'],
  ['defaultChatId', '@my_channel', '@my_channel'],
  ['defaultChatId', '@abc', '@abc'],
  ['rateGlobal', '30/1s', { limit: 30, windowMs: 1_000 }],
  ['ratePrivate', '1/500ms', { limit: 1, windowMs: 500 }],
  ['rateGroup', '20/1m', { limit: 20, windowMs: 60_000 }],
  ['textQueues', 'hello, other.queue', ['hello', 'other.queue']],
  ['logLevel', 'silent', 'silent'],
])('%s: %s is read', (key, text, expected) => expect(value(key, text)).toEqual(expected));

it.each<[Key, string]>([
  ['rabbitmqUrls', 'localhost:5672'],
  ['rabbitmqUrls', 'amqp://one,http://two'],
  ['rabbitmqUrls', ' , '],
  ['queuePrefix', 'a.b'],
  ['queuePrefix', 'x'.repeat(65)],
  ['blobUrl', './data/blobs'],
  ['blobUrl', 's3://files/without/a/region'],
  ['blobUrl', 's3://key:secret@files?region=eu-central-1'],
  ['blobUrl', 's3://files?regoin=eu-central-1'],
  ['blobUrl', 's3://files?region=a&region=b'],
  ['blobUrl', 's3://files?region=Frankfurt'],
  ['blobUrl', 's3://files?endpoint=minio:9000'],
  ['blobUrl', 's3://files?endpoint=http://key:secret@minio:9000'],
  ['httpHost', 'a b'],
  ['httpPort', '-1'],
  ['httpPort', '65536'],
  ['httpPort', '80.5'],
  ['httpPort', '0x50'],
  ['consumerHttpPort', 'http'],
  ['apiTokens', '0123456789abcdef'],
  ['apiTokens', ':0123456789abcdef'],
  ['apiTokens', 'a:0123456789abcde'],
  ['apiTokens', 'with space:0123456789abcdef'],
  ['apiTokens', 'a:0123456789abcdef,b:0123456789abcdef'],
  ['apiTokens', 'a:a secret with spaces'],
  ['apiTokens', 'a:a\tsecret\twith\ttabs'],
  ['apiTokens', 'a:пароль-из-шестнадцати'],
  ['telegramApiRoot', 'api.telegram.org'],
  ['telegramApiRoot', 'ftp://api.telegram.org'],
  ['telegramApiRoot', 'https://user:secret@api.telegram.org'],
  ['telegramApiRoot', 'https://api.telegram.org?x=1'],
  ['telegramApiRoot', 'https://api.telegram.org#x'],
  ['defaultChatId', '0'],
  ['defaultChatId', 'my_channel'],
  ['defaultChatId', '1.5'],
  ['rateGlobal', '30'],
  ['ratePrivate', '0/1s'],
  ['rateGroup', '20/60h'],
  ['defaultChatId', '@ab'],
  ['textQueues', 'x'.repeat(256)],
  ['textQueues', 'hello, other, hello'],
  ['logLevel', 'INFO'],
])('%s: %s is refused by name, and not repeated', (key, text) => {
  const wrong = () => value(key, text);
  expect(wrong).toThrow(new RegExp(`^Wrong settings:\n {2}- ${variables[key].name} must \\w`));
  if (text.trim().length > 4) expect(wrong).not.toThrow(text);
});

it('has a name of its own for every variable, and says what each means', () => {
  const all = Object.values(variables);
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  for (const { about, usedBy } of all) {
    expect(about).toMatch(/^[A-Z].*\.$/s);
    expect(usedBy.length).toBeGreaterThan(0);
  }
});
