import { botNames, readBots } from './bots';
import type { Environment } from './read';

const token = '123456:ABC-def_0123456789';

/** The bots, and what is said of wrong variables. */
function read(environment: Environment) {
  const problems: string[] = [];
  return { bots: readBots(environment, problems), problems };
}

describe('bots', () => {
  it('are named by their variables', () => {
    const environment = {
      TELEGRAM_BOT_TOKEN: token,
      TELEGRAM_BOT_TOKEN_ALERTS: '1:a',
      TELEGRAM_BOT_TOKEN_NIGHT_SHIFT: '2:b',
    };
    expect(read(environment)).toEqual({
      bots: [
        { name: 'alerts', token: '1:a' },
        { name: 'default', token },
        { name: 'night_shift', token: '2:b' },
      ],
      problems: [],
    });
  });

  it('are none where no token is set, though a message may name the default one', () => {
    expect(read({})).toEqual({ bots: [], problems: [] });
    expect(botNames({ TELEGRAM_BOT_TOKEN_ALERTS: '' })).toEqual(['default']);
  });

  it('are known by name where their token is in a file', () => {
    const files = { TELEGRAM_BOT_TOKEN_FILE: '/run/a', TELEGRAM_BOT_TOKEN_ALERTS_FILE: '/run/b' };
    expect(botNames(files)).toEqual(['alerts', 'default']);
    expect(botNames({ ...files, TELEGRAM_BOT_TOKEN_ALERTS: '1:a' })).toEqual(['alerts', 'default']);
  });

  it('have tokens as @BotFather gives them; all wrong ones are named, none is printed', () => {
    const wrong = {
      TELEGRAM_BOT_TOKEN: 'hunter2',
      TELEGRAM_BOT_TOKEN_ALERTS: '12:with space',
      TELEGRAM_BOT_TOKEN_OK: '1:a',
    };
    const { bots, problems } = read(wrong);
    expect(bots).toEqual([{ name: 'ok', token: '1:a' }]);
    expect(problems).toEqual([
      expect.stringMatching(/^TELEGRAM_BOT_TOKEN_ALERTS must be a bot token/),
      expect.stringMatching(/^TELEGRAM_BOT_TOKEN must be a bot token/),
    ]);
    expect(problems.join()).not.toMatch(/hunter2|with space/);
  });

  it('keep a name that only ends like a file', () => {
    const environment = { TELEGRAM_BOT_TOKEN_PROFILE: '1:a', TELEGRAM_BOT_TOKEN_MY_PROFILE: '2:b' };
    expect(read(environment)).toEqual({
      bots: [
        { name: 'my_profile', token: '2:b' },
        { name: 'profile', token: '1:a' },
      ],
      problems: [],
    });
  });

  it('count the default one only where it has a token, or no other bot is named', () => {
    expect(botNames({ TELEGRAM_BOT_TOKEN_ALERTS: '1:a' })).toEqual(['alerts']);
    expect(botNames({ TELEGRAM_BOT_TOKEN_ALERTS: '1:a', TELEGRAM_BOT_TOKEN_FILE: '/run/a' })).toEqual([
      'alerts',
      'default',
    ]);
    expect(botNames({})).toEqual(['default']);
  });

  it.each([
    'TELEGRAM_BOT_TOKEN_alerts',
    'TELEGRAM_BOT_TOKEN_MY-BOT',
    'TELEGRAM_BOT_TOKEN_DEFAULT',
    'TELEGRAM_BOT_TOKEN_DEFAULT_FILE',
    'TELEGRAM_BOT_TOKEN_',
    'TELEGRAM_BOT_TOKEN__FILE',
    'TELEGRAM_BOT_TOKEN_FILE_FILE',
    'TELEGRAM_BOT_TOKEN_A_FILE_FILE',
    `TELEGRAM_BOT_TOKEN_${'A'.repeat(33)}`,
    'TELEGRAM_BOT_TOKEN_\u212a',
  ])('are not named by %s, which is said and not passed over', (variable) => {
    const problems: string[] = [];
    expect(botNames({ [variable]: '1:a' }, problems)).toEqual(['default']);
    expect(problems).toEqual([expect.stringContaining(`${variable} must name its bot by`)]);
  });
});
