import type { MessageFile } from '@app/contracts';
import { commandOf, fingerprintOfCall, fitsQueue, type QueuedCall } from './queued-call';

const file = (field: string, sha256: string, filename = 'a.jpg'): MessageFile => ({
  ...{ field, sha256, filename, type: 'image/jpeg', size: 1 },
  blob: '01890000-0000-7000-8000-000000000001',
});
const call = (payload: QueuedCall['payload'], files: MessageFile[] = [], method = 'sendPhoto'): QueuedCall => ({
  ...{ bot: 'default', method, payload, files },
});
const album = (one: string, other: string) =>
  call({ media: `[{"media":"attach://${one}"},{"media":"attach://${other}"}]` }, [file(one, '1'), file(other, '2')]);
const direct = (field: string, sha256: string, filename?: string) => call({}, [file(field, sha256, filename)]);

describe('fingerprintOfCall', () => {
  it.each<[string, QueuedCall, QueuedCall]>([
    ['its parameters stand in another order', call({ a: 1, b: { c: 1, d: 2 } }), call({ b: { d: 2, c: 1 }, a: 1 })],
    ['its method is in other letters', call({}, [], 'sendPhoto'), call({}, [], 'SENDPHOTO')],
    ['its files have other fields', album('x1', 'x12'), album('y', 'z')],
    ['its files stand in other places of the store', direct('photo', '1'), { ...direct('photo', '1'), files: [{ ...file('photo', '1'), blob: '01890000-0000-7000-8000-000000000002' }] }], // prettier-ignore
  ])('is the same where %s', (_, one, other) => {
    expect(fingerprintOfCall(one)).toBe(fingerprintOfCall(other));
  });

  it.each<[string, QueuedCall, QueuedCall]>([
    ['a parameter', call({ a: 1 }), call({ a: 2 })],
    ['the type of a parameter', call({ a: 1 }), call({ a: '1' })],
    ['the bot', call({}), { ...call({}), bot: 'other' }],
    ['the content of a file', direct('photo', '1'), direct('photo', '2')],
    ['the name of a file', direct('photo', '1'), direct('photo', '1', 'b.jpg')],
    ['what a file is', direct('photo', '1'), direct('document', '1')],
    ['the order of an album', album('x', 'y'), call({ media: '[{"media":"attach://y"},{"media":"attach://x"}]' }, [file('x', '1'), file('y', '2')])], // prettier-ignore
  ])('differs with %s', (_, one, other) => {
    expect(fingerprintOfCall(one)).not.toBe(fingerprintOfCall(other));
  });
});

describe('commandOf', () => {
  const id = '01890000-0000-7000-8000-000000000003';

  it('takes the call as it is, and its chat where that can be one', () => {
    expect(commandOf(id, call({ chat_id: '@news', text: 1 }))).toMatchObject({ version: 1, id, exact: true, chat_id: '@news', payload: { chat_id: '@news', text: 1 } }); // prettier-ignore
    for (const chat_id of [0, ' 5', { id: 5 }, null])
      expect(commandOf(id, call({ chat_id }))).not.toHaveProperty('chat_id');
  });

  it('is of the version that knows files where there are some', () => {
    expect(commandOf(id, direct('photo', '1'))).toMatchObject({ version: 3, files: [{ field: 'photo' }] });
  });
});

describe('fitsQueue', () => {
  it('says no to what the queue would refuse or change', () => {
    let deep: unknown = 1;
    for (let level = 0; level < 40; level++) deep = [deep];
    expect([{ text: 'x' }, { text: '\ud800' }, { a: deep }, { text: 'x'.repeat(2_000_000) }].map(fitsQueue)).toEqual([true, false, false, false]); // prettier-ignore
  });
});
