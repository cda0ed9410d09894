import { readParameters } from './read-parameters';

const read = (query: string, type = '', body = '') => readParameters(query, type, Buffer.from(body));
const form = 'application/x-www-form-urlencoded; charset=UTF-8';

describe('readParameters', () => {
  it('reads queries and forms as texts, JSON with its types', () => {
    expect(read('chat_id=5&text=a%20b+c%F0%9F%98%80')).toEqual({ chat_id: '5', text: 'a b c😀' });
    expect(read('', form, 'text=a%2Bb&x')).toEqual({ text: 'a+b', x: '' });
    expect(read('', 'application/json', '{"chat_id":-5,"a":[1],"b":null,"c":"x"}')).toEqual({ chat_id: -5, a: [1], b: null, c: 'x' }); // prettier-ignore
  });

  it('takes the first of a name, the query before the body', () => {
    expect(read('text=a&text=b', form, 'text=c&x=1&x=2')).toEqual({ text: 'a', x: '1' });
    expect(read('text=a', 'Application/JSON', '{"text":"b","x":1}')).toEqual({ text: 'a', x: 1 });
  });

  it('knows no parameter that would be a prototype', () => {
    for (const parameters of [read('__proto__=x&a=1'), read('', 'application/json', '{"__proto__":{"b":1},"a":"1"}')]) {
      expect(parameters).toEqual({ a: '1' });
      expect(Object.getPrototypeOf(parameters)).toBe(Object.prototype);
    }
  });

  it.each([
    ['application/json', '{"a":1'],
    ['application/json', '[1]'],
    ['application/json', 'null'],
    ['text/plain', 'a=1'],
    ['', 'a=1'],
  ])('does not read %s: %s', (type, body) => {
    expect(read('', type, body)).toBeUndefined();
  });
});
