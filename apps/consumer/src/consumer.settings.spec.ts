import { readConsumerSettings } from './consumer.settings';

it('names every wrong variable at once, the bots included', () => {
  const wrong = { LOG_LEVEL: 'chatty', TELEGRAM_BOT_TOKEN: 'hunter2', TELEGRAM_BOT_TOKEN_alerts: '1:a' };
  const reading = () => readConsumerSettings(wrong);
  for (const name of Object.keys(wrong)) expect(reading).toThrow(new RegExp(`- ${name} must`));
  expect(reading).not.toThrow(/hunter2|must be set/);
});

it('needs a bot, and says so beside what else is wrong', () => {
  expect(() => readConsumerSettings({})).toThrow(/TELEGRAM_BOT_TOKEN must be set/);
  expect(() => readConsumerSettings({ LOG_LEVEL: 'chatty' })).toThrow(
    /LOG_LEVEL must[^]*TELEGRAM_BOT_TOKEN must be set/,
  );
});

it('takes any one bot', () => {
  expect(readConsumerSettings({ TELEGRAM_BOT_TOKEN_ALERTS: '1:a' }).bots).toEqual([{ name: 'alerts', token: '1:a' }]);
});

it('opens a bucket with both keys, or with those that the AWS SDK finds', () => {
  const [one, both] = [{ BLOB_ACCESS_KEY: 'a' }, { BLOB_ACCESS_KEY: 'a', BLOB_SECRET_KEY: 'b' }];
  const environment = { TELEGRAM_BOT_TOKEN: '1:a' };
  expect(() => readConsumerSettings({ ...environment, ...one })).toThrow(
    /BLOB_ACCESS_KEY and BLOB_SECRET_KEY must be set together/,
  );
  expect(readConsumerSettings({ ...environment, ...both })).toMatchObject({ blobAccessKey: 'a', blobSecretKey: 'b' });
});
