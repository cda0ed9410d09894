import { existsSync, readdirSync } from 'node:fs';
import { botToken, eventually } from '../support';
import { aDoorway, ask, json, resultOf, type Doorway, type RawAnswer } from './doorway';

interface FormFile {
  content: string;
  name: string;
  type?: string;
}

const multipart = (fields: Record<string, string | FormFile>): RequestInit => {
  const body = new FormData();
  for (const [field, value] of Object.entries(fields)) {
    if (typeof value === 'string') body.append(field, value);
    else body.append(field, new Blob([value.content], { type: value.type }), value.name);
  }
  return { method: 'POST', body };
};

const album = (names: [string, string]) => ({
  chat_id: '1001',
  media: JSON.stringify([
    { type: 'photo', media: `attach://${names[0]}`, caption: 'one' },
    { type: 'photo', media: `attach://${names[1]}` },
  ]),
  [names[0]]: { content: 'first', name: 'a.jpg', type: 'image/jpeg' },
  [names[1]]: { content: 'second', name: 'b.jpg', type: 'image/jpeg' },
});

/** But for what is of the moment. */
const undated = ({ text, ...answer }: RawAnswer) => ({
  ...answer,
  text: text.replace(/"date":\d+/g, '"date":0').replace(/"media_group_id":"\d+"/g, '"media_group_id":"0"'),
});

/** The files that are in the store. */
const stored = ({ at }: Doorway) => {
  const folder = at.environment.BLOB_URL.slice('file:'.length);
  const all = existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }) : [];
  return all.filter((one) => one.isFile());
};

describe('Uploads through the Bot API door', () => {
  it.each<[string, string, Record<string, string | FormFile>]>([
    ['a photo under its own name', 'sendPhoto', { chat_id: '1001', caption: 'c', photo: { content: 'jpg', name: 'a.jpg', type: 'image/jpeg' } }], // prettier-ignore
    ['a document by attach://', 'sendDocument', { chat_id: '1001', document: 'attach://x1', x1: { content: 'pdf', name: 'отчёт "1".pdf', type: 'application/pdf' } }], // prettier-ignore
    ['an album', 'sendMediaGroup', album(['f0', 'f1'])],
    ['a video with its thumbnail', 'sendVideo', { chat_id: '1001', thumbnail: 'attach://t', reply_parameters: '{"message_id":5}', t: { content: 'thumb', name: 't.jpg', type: 'image/jpeg' }, video: { content: 'mp4', name: 'v.mp4', type: 'video/mp4' } }], // prettier-ignore
    ['an edit of a medium', 'editMessageMedia', { chat_id: '1001', message_id: '7', media: '{"type":"photo","media":"attach://m"}', m: { content: 'new', name: 'm.jpg', type: 'image/jpeg' } }], // prettier-ignore
    ['a form without files', 'sendMessage', { chat_id: '1001', text: 'x' }],
    ['a file that nothing refers to', 'sendMessage', { chat_id: '1001', text: 'x', stray: { content: 'y', name: 'y.txt', type: 'text/plain' } }], // prettier-ignore
    ['no file at all', 'sendPhoto', { chat_id: '1001' }],
  ])('brings %s to Telegram as its client would have', async (_, method, fields) => {
    const door = await aDoorway();
    const [producer] = await Promise.all([door.producer(), door.consumer()]);
    const told = () => door.sandbox.journal().map(({ method: name, params, files, verdict }) => ({ name, params, files, verdict })); // prettier-ignore
    const through = undated(await ask(producer.url, `${botToken}/${method}`, multipart(fields)));
    const arrived = told();
    door.sandbox.reset();
    expect(through).toEqual(undated(await ask(door.sandbox.url, `${botToken}/${method}`, multipart(fields))));
    expect(arrived).toEqual(told());
  });

  it('are joined by a repetition that gives its fields other names, and stored once', async () => {
    const door = await aDoorway({ BOT_API_WAIT: '1s' });
    const producer = await door.producer();
    const send = (names: [string, string]) => ask(producer.url, `${botToken}/sendMediaGroup`, multipart(album(names)));
    expect(await send(['a1b2', 'c3d4'])).toMatchObject({ status: 429 });
    expect(await send(['x5', 'y6'])).toMatchObject({ status: 429 });
    expect(stored(door)).toHaveLength(2);
    await door.consumer();
    const answer = await eventually(async () => {
      const again = await send(['p', 'q']);
      return again.status === 200 && again;
    }, 'the album is sent');
    expect(JSON.parse(answer.text)).toMatchObject({ result: [{ caption: 'one' }, {}] });
    expect(door.sandbox.accepted()).toHaveLength(1);
    await eventually(() => stored(door).length === 0, 'the store is empty again');

    // Other bytes are another call.
    const other = { ...album(['a', 'b']), b: { content: 'third', name: 'b.jpg', type: 'image/jpeg' } };
    await ask(producer.url, `${botToken}/sendMediaGroup`, multipart(other));
    await door.sandbox.waitFor(2);
  });

  it('are refused where a file is too large, and leave nothing in the store', async () => {
    const door = await aDoorway({ UPLOAD_LIMIT: '1' });
    const [producer] = await Promise.all([door.producer(), door.consumer()]);
    const large = multipart({ chat_id: '1', document: { content: 'x'.repeat(1_100_000), name: 'x.bin' } });
    expect(await ask(producer.url, `${botToken}/sendDocument`, large)).toMatchObject({
      status: 413,
      text: '{"ok":false,"error_code":413,"description":"Request Entity Too Large"}',
    });
    expect(await ask(producer.url, `${botToken}/sendDocument`, { ...multipart({}), headers: { 'content-type': 'multipart/form-data' } })).toMatchObject({ status: 400 }); // prettier-ignore
    expect(resultOf(await ask(producer.url, `${botToken}/sendMessage`, json({ chat_id: 1, text: 'x' })))).toMatchObject({ text: 'x' }); // prettier-ignore
    expect(stored(door)).toEqual([]);
  });
});
