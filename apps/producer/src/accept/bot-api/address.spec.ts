import { readAddress } from './address';

describe('readAddress', () => {
  it.each([
    ['/bot1:a/getMe', { kind: 'call', token: '1:a', method: 'getMe', query: '' }],
    ['/bot1:a/getMe/?x=1&y=/z', { kind: 'call', token: '1:a', method: 'getMe', query: 'x=1&y=/z' }],
    ['/bot1%3Aa%2Fb/sendMessage?', { kind: 'call', token: '1:a/b', method: 'sendMessage', query: '' }],
    ['/bot1:a/get.Me', { kind: 'call', token: '1:a', method: '', query: '' }],
    ['/bot1:a/a/b', { kind: 'call', token: '1:a', method: '', query: '' }],
    ['/file/bot1:a/photos/1%20a.jpg', { kind: 'file', token: '1:a', path: 'photos/1%20a.jpg' }],
    ['/file/bot1:a/..a/b..', { kind: 'file', token: '1:a', path: '..a/b..' }],
  ])('reads %s', (target, address) => {
    expect(readAddress(target)).toEqual(address);
  });

  it.each([
    ...['/bot', '/bots', '/bot/getMe', '/bot1:a', '/bot1:a/', '/bot1/getMe', '/bota:1/getMe', '/bot%zz:a/getMe'],
    ...[
      '/file/bot1:a/',
      '/file/bot1:a/../bot2:b/x',
      '/file/bot1:a/x/%2e%2e/y',
      '/file/bot1:a/.%2E',
      '/file/bot1:a/a\\b',
    ],
  ])('finds nothing at %s', (target) => {
    expect(readAddress(target)).toEqual({ kind: 'nothing' });
  });
});
