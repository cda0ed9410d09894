import type { Outcome } from '../outcome';
import { answerOf } from './answer-of';

const said = { error_code: 400, description: 'Bad Request: message is not modified' };

describe('answerOf', () => {
  it.each<[string, Outcome, object]>([
    ['Telegram’s result', { kind: 'sent', result: { message_id: 7 } }, { ok: true, result: { message_id: 7 } }],
    [
      'Telegram’s refusal also where the message counts as sent',
      { kind: 'sent', result: true, said },
      { ok: false, ...said },
    ],
    [
      'Telegram’s own words and parameters',
      {
        ...{ kind: 'rejected', reason: 'chat_migrated', description: 'changed by us' },
        said: { ...said, parameters: { migrate_to_chat_id: -100 } },
      },
      { ok: false, ...said, parameters: { migrate_to_chat_id: -100 } },
    ],
    [
      'a refusal where a file of ours cannot be read',
      { kind: 'rejected', reason: 'bad_file', description: 'the file cannot be read: ENOENT' },
      { ok: false, error_code: 400, description: 'Bad Request: the file cannot be read: ENOENT' },
    ],
    [
      'a 413 where a proxy has said so',
      { kind: 'rejected', reason: 'too_long', error_code: 413, description: 'NOT_JSON' },
      { ok: false, error_code: 413, description: 'Request Entity Too Large' },
    ],
    [
      'a 502 where no answer ever came',
      { kind: 'uncertain', reason: 'no_answer', description: 'ECONNRESET' },
      { ok: false, error_code: 502, description: 'Bad Gateway' },
    ],
  ])('gives %s', (_, outcome, answer) => {
    expect(answerOf(outcome)).toEqual(answer);
  });
});
