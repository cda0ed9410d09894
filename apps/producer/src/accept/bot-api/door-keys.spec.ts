import { DoorKeys } from './door-keys';

const apiTokens = [{ name: 'billing', secret: 'secret-of-billing' }, { name: 'shop', secret: 'a:b/c-of-the-shop' }]; // prettier-ignore
const one = [{ name: 'alerts', token: '11:AA' }];
const several = [...one, { name: 'default', token: '12:BB' }];
const keys = (botTokens: typeof one, tokens = apiTokens, bots = botTokens.map(({ name }) => name)) =>
  new DoorKeys({ bots, botTokens, apiTokens: tokens });

describe('DoorKeys', () => {
  it('knows each bot by its own token', () => {
    expect(['11:AA', '12:BB', '12:AA', '13:BB'].map((token) => keys(several).botOf(token))).toEqual(['alerts', 'default', undefined, undefined]); // prettier-ignore
  });

  it('takes the secret of a caller after the digits of a bot, or any digits where there is one bot', () => {
    expect(keys(several).botOf('12:secret-of-billing')).toBe('default');
    expect(keys(several).botOf('11:a:b/c-of-the-shop')).toBe('alerts');
    expect(keys(several).botOf('99:secret-of-billing')).toBeUndefined();
    expect(keys(one).botOf('99:secret-of-billing')).toBe('alerts');
    expect(keys([], apiTokens, ['default']).botOf('99:secret-of-billing')).toBe('default');
  });

  it('takes no secret that is wrong, and none where there are none', () => {
    expect(['99:', '99:secret', '11:secret-of-billing2'].map((token) => keys(one).botOf(token))).toEqual([undefined, undefined, undefined]); // prettier-ignore
    expect(keys(one, []).botOf('11:secret-of-billing')).toBeUndefined();
  });
});
