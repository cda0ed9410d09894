import { botNames, readBots } from './bots';

const token = '123456:ABC-def_0123456789';

describe('bots', () => {
  it('are named by their variables', () => {
    const environment = {
      TELEGRAM_BOT_TOKEN: token,
      TELEGRAM_BOT_TOKEN_ALERTS: '1:a',
      TELEGRAM_BOT_TOKEN_NIGHT_SHIFT: '2:b',
    };
    expect(readBots(environment)).toEqual([
      { name: 'alerts', token: '1:a' },
      { name: 'default', token },
      { name: 'night_shift', token: '2:b' },
    ]);
  });

  it('are none where no token is set, though a message may name the default one', () => {
    expect(readBots({})).toEqual([]);
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
    const reading = () => readBots(wrong);
    expect(reading).toThrow(/TELEGRAM_BOT_TOKEN_ALERTS must be a bot token[^]*TELEGRAM_BOT_TOKEN must be a bot token/);
    expect(reading).not.toThrow(/hunter2|with space|TELEGRAM_BOT_TOKEN_OK/);
  });
});
