import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings, SettingsError, type Environment } from './read';
import { variables } from './variables';

const { rabbitmqUrls, queuePrefix, httpPort, apiTokens, logLevel } = variables;
const read = (environment: Environment) =>
  readSettings(environment, { rabbitmqUrls, queuePrefix, httpPort, apiTokens, logLevel });

/** What is said of wrong settings. */
function complaint(environment: Environment): string {
  try {
    read(environment);
  } catch (error) {
    expect(error).toBeInstanceOf(SettingsError);
    return (error as Error).message;
  }
  throw new Error('these settings were taken');
}

describe('reading settings', () => {
  it('falls back where nothing is set', () => {
    expect(read({})).toEqual({
      rabbitmqUrls: ['amqp://guest:guest@127.0.0.1:5672'],
      queuePrefix: 'telegramq',
      httpPort: 3000,
      apiTokens: [],
      logLevel: 'info',
    });
  });

  it('takes an empty variable as not set', () => {
    expect(read({ RABBITMQ_URL: '', HTTP_PORT: '', API_TOKENS: '', LOG_LEVEL: '' })).toEqual(read({}));
  });

  it('names all wrong variables at once, with what would be right, and none of their values', () => {
    const said = complaint({
      RABBITMQ_URL: 'http://user:hunter2@broker',
      QUEUE_PREFIX: 'with space',
      HTTP_PORT: '99999',
      API_TOKENS: 'billing:tooshort',
      LOG_LEVEL: 'chatty',
    });
    expect(said.split('\n')).toEqual([
      'Wrong settings:',
      expect.stringMatching(/^ {2}- RABBITMQ_URL must start with amqp/),
      expect.stringMatching(/^ {2}- QUEUE_PREFIX must be/),
      expect.stringMatching(/^ {2}- HTTP_PORT must be a port/),
      expect.stringMatching(/^ {2}- API_TOKENS must be name:secret/),
      expect.stringMatching(/^ {2}- LOG_LEVEL must be fatal/),
      'See .env.example.',
    ]);
    expect(said).not.toMatch(/hunter2|with space|99999|tooshort|chatty/);
  });

  it('says what goes wrong between variables although another one is wrong', () => {
    const check = ({ httpPort, queuePrefix }: { httpPort?: number; queuePrefix?: string }) => [
      `with ${httpPort} and ${queuePrefix}`,
    ];
    const wrong = { QUEUE_PREFIX: 'with space' };
    expect(() => readSettings(wrong, { queuePrefix, httpPort }, check)).toThrow(
      /QUEUE_PREFIX must be[^]*- with 3000 and undefined/,
    );
  });
});

describe('a secret', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'telegramq-settings-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  function file(content: string): string {
    const path = join(folder, 'secret');
    writeFileSync(path, content);
    return path;
  }

  it('can come from a file, whose last line end does not count', () => {
    const path = file('billing:0123456789abcdef\n');
    expect(read({ API_TOKENS_FILE: path }).apiTokens).toEqual([{ name: 'billing', secret: '0123456789abcdef' }]);
  });

  it('must be right in the file, too, and is not printed', () => {
    expect(complaint({ API_TOKENS_FILE: file('billing:tooshort') })).not.toContain('tooshort');
  });

  it('is not set by an empty file', () => {
    expect(read({ API_TOKENS_FILE: file('\n') }).apiTokens).toEqual([]);
  });

  it('cannot come from both', () => {
    const both = { API_TOKENS: 'a:0123456789abcdef', API_TOKENS_FILE: file('b:0123456789abcdef') };
    expect(complaint(both)).toContain('API_TOKENS and API_TOKENS_FILE are both set');
  });

  it('needs a file that can be read', () => {
    expect(complaint({ RABBITMQ_URL_FILE: join(folder, 'none') })).toContain('RABBITMQ_URL_FILE must name a file');
    expect(complaint({ RABBITMQ_URL_FILE: folder })).toContain('RABBITMQ_URL_FILE must name a file');
  });

  it('alone has a file', () => {
    expect(read({ LOG_LEVEL_FILE: file('debug') }).logLevel).toBe('info');
  });
});
