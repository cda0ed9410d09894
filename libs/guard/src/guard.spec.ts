import { Guard, NotPublic } from './guard';

const permits = (url: string, ...allowed: string[]) => new Guard(allowed, 'ALLOW').permits(new URL(url));
const resolve = (host: string, ...allowed: string[]) =>
  new Promise((resolved, reject) => {
    new Guard(allowed, 'ALLOW').lookup(host, { all: true }, (error, found) =>
      error ? reject(error) : resolved(found),
    );
  });

describe('A webhook', () => {
  it.each([
    'http://127.0.0.1/',
    'http://127.1:8080/',
    'http://2130706433/',
    'http://0x7f.0.0.1/',
    'http://0.0.0.0/',
    'http://10.1.2.3/',
    'http://172.16.0.1/',
    'http://192.168.1.1/',
    'http://100.64.0.1/',
    'http://169.254.169.254/latest/meta-data',
    'http://224.0.0.1/',
    'http://255.255.255.255/',
    'http://[::1]/',
    'http://[::]/',
    'http://[fe80::1]/',
    'http://[fd00::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[2002:7f00:1::]/',
  ])('may not lead to %s', (url) => {
    expect(permits(url)).toBe(false);
  });

  it('may lead to public addresses, and to what WEBHOOK_ALLOW names', () => {
    expect(permits('https://1.1.1.1/')).toBe(true);
    expect(permits('https://[2606:4700:4700::1111]/')).toBe(true);
    expect(permits('http://10.1.2.3/', '10.1.0.0/16')).toBe(true);
    expect(permits('http://10.2.2.3/', '10.1.0.0/16')).toBe(false);
    expect(permits('http://[fd00::1]/', 'fd00::1')).toBe(true);
  });

  it('may not lead to a name of a private address, unless WEBHOOK_ALLOW has that name or address', async () => {
    await expect(resolve('localhost')).rejects.toThrow(NotPublic);
    await expect(resolve('localhost', 'LocalHost')).resolves.not.toHaveLength(0);
    await expect(resolve('localhost', '127.0.0.0/8', '::1')).resolves.not.toHaveLength(0);
  });
});
