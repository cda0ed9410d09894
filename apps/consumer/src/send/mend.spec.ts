import type { Reason, SendMessage } from '@app/contracts';
import type { Outcome } from '../outcome';
import { mend } from './mend';

const command = (payload: SendMessage['payload']): SendMessage => ({
  ...{ version: 1, id: 'a', bot: 'default', method: 'sendMessage', chat_id: 1, created_at: 0 },
  ...{ priority: 'normal', on_uncertain: 'resend', payload: { chat_id: 1, ...payload } },
});
const refused = (reason: Reason, migratedTo?: string): Outcome => ({ kind: 'rejected', reason, migratedTo });

describe(mend, () => {
  it.each<[string, Outcome, object, object, string]>([
    [
      'its parse mode',
      refused('bad_markup'),
      { text: '*', parse_mode: 'HTML' },
      { chat_id: 1, text: '*' },
      'plain_text',
    ],
    ['its entities', refused('bad_markup'), { text: '*', entities: [] }, { chat_id: 1, text: '*' }, 'plain_text'],
    ['its topic', refused('thread_not_found'), { message_thread_id: 7 }, { chat_id: 1 }, 'without_thread'],
    ['what it replies to', refused('reply_not_found'), { reply_parameters: {} }, { chat_id: 1 }, 'without_reply'],
    ['its chat for what that became', refused('chat_migrated', '-1009'), {}, { chat_id: '-1009' }, 'chat_migrated'],
  ])('gives up %s', (_, outcome, payload, left, degradation) => {
    // prettier-ignore
    const mended = mend(command({ ...payload }), outcome);
    expect(mended).toMatchObject({ degradation });
    expect(mended!.command.payload).toEqual(left);
  });

  it('takes the markup off every caption of an album', () => {
    const media = [
      { type: 'photo', media: 'a', caption: '<b', parse_mode: 'HTML' },
      { type: 'photo', media: 'b' },
    ];
    expect(mend(command({ media }), refused('bad_markup'))!.command.payload.media).toEqual([
      { type: 'photo', media: 'a', caption: '<b' },
      { type: 'photo', media: 'b' },
    ]);
  });

  it.each<[Outcome, object]>([
    [refused('bad_markup'), { text: 'plain' }],
    [refused('thread_not_found'), {}],
    [refused('chat_migrated', '1'), {}],
    [refused('chat_migrated'), {}],
    [refused('bot_blocked'), { parse_mode: 'HTML' }],
    [{ kind: 'sent', result: true }, { parse_mode: 'HTML' }],
  ])('has nothing to change after %j in %j', (outcome, payload) => {
    expect(mend(command({ ...payload }), outcome)).toBeUndefined();
  });
});
