import type { Reason } from '@app/contracts';
import type { Outcome } from '../outcome';
import type { Answer, ResponseParameters } from '@app/bot-api';
import { outcomeOf as read } from './outcome-of';
import { refusals } from './refusals';

const refused = (error_code: number, description: string, parameters?: ResponseParameters): Answer => ({
  kind: 'refused',
  error_code,
  description,
  parameters,
});

const outcomeOf = (answer: Answer, method = 'sendMessage') => read(answer, method);

describe('outcomeOf', () => {
  it('takes an ok as sent, with Telegram’s result', () => {
    expect(outcomeOf({ kind: 'ok', result: { message_id: 3 } })).toEqual({ kind: 'sent', result: { message_id: 3 } });
  });

  describe('lets wait, without using up an attempt,', () => {
    it.each<[string, Answer, Partial<Outcome>]>([
      [
        'as long as Telegram says',
        refused(429, 'Too Many Requests: retry after 3', { retry_after: 3 }),
        { reason: 'rate_limited', scope: 'chat', retryAfterMs: 3_000 },
      ],
      [
        'also 20 hours',
        refused(429, 'Too Many Requests: retry after 73414', { retry_after: 73_414 }),
        { reason: 'rate_limited', scope: 'chat', retryAfterMs: 73_414_000 },
      ],
      [
        '5 s where Telegram does not say how long',
        refused(429, 'Too Many Requests'),
        { reason: 'rate_limited', scope: 'chat', retryAfterMs: 5_000 },
      ],
      [
        '5 s where the wait makes no sense',
        refused(429, 'Too Many Requests', { retry_after: 0 }),
        { reason: 'rate_limited', retryAfterMs: 5_000 },
      ],
      [
        'for a proxy that limits calls',
        { kind: 'no_answer', code: 'NOT_JSON', status: 429 },
        { reason: 'rate_limited', scope: 'chat', retryAfterMs: 5_000, error_code: 429 },
      ],
      [
        'for an album that is limited',
        refused(429, 'Too Many Requests: Failed to send message #1 with the error message "x"', { retry_after: 9 }),
        { reason: 'rate_limited', retryAfterMs: 9_000 },
      ],
      [
        'the bot, for a wrong token',
        refused(401, 'Unauthorized'),
        { reason: 'bot_unauthorized', scope: 'bot', error_code: 401 },
      ],
      [
        'the bot, for a misshapen token',
        refused(404, 'Not Found'),
        { reason: 'bot_unauthorized', scope: 'bot', error_code: 404 },
      ],
      [
        'the bot, after it moved to another server',
        refused(400, 'Bad Request: Logged out'),
        { reason: 'bot_unauthorized', scope: 'bot' },
      ],
      [
        'the bot, without a network',
        { kind: 'unreachable', code: 'ECONNREFUSED' },
        { reason: 'network_unreachable', scope: 'bot', description: 'ECONNREFUSED' },
      ],
    ])('%s', (_what, answer, expected) => {
      expect(outcomeOf(answer)).toMatchObject({ kind: 'retry', usesAttempt: false, ...expected });
    });
  });

  it.each([500, 502, 503])('tries again after %i in Telegram’s own words', (error_code) => {
    expect(outcomeOf(refused(error_code, 'Internal Server Error: restart'))).toEqual({
      kind: 'retry',
      reason: 'telegram_unavailable',
      scope: 'message',
      usesAttempt: true,
      error_code,
      description: 'Internal Server Error: restart',
    });
  });

  it.each([
    refused(400, 'Bad Request: message is not modified: specified new message content and reply markup are the same'),
    refused(500, "Internal Server Error: sent message was immediately deleted and can't be returned"),
  ])('takes %j as sent', (answer) => {
    expect(outcomeOf(answer)).toEqual({ kind: 'sent', result: true });
  });

  describe('knows not whether it was sent', () => {
    it.each<[string, Answer, Partial<Outcome>]>([
      ['without an answer', { kind: 'no_answer', code: 'UND_ERR_SOCKET' }, { description: 'UND_ERR_SOCKET' }],
      ['with a cut answer', { kind: 'no_answer', code: 'UND_ERR_SOCKET', status: 200 }, { error_code: 200 }],
      ['with a page of a proxy', { kind: 'no_answer', code: 'NOT_JSON', status: 502 }, { error_code: 502 }],
      [
        'with one item of an album refused for an unknown cause',
        refused(400, 'Bad Request: Failed to send message #2 with the error message "SOMETHING_NEW"'),
        { error_code: 400 },
      ],
      [
        'with one item of an album failed',
        refused(500, 'Internal Server Error: Failed to send message #1'),
        { error_code: 500 },
      ],
      [
        'with one item of an album deleted at once',
        refused(500, 'Failed to send message #1 with the error message "sent message was immediately deleted"'),
        { error_code: 500 },
      ],
    ])('%s', (_what, answer, expected) => {
      expect(outcomeOf(answer)).toMatchObject({ kind: 'uncertain', reason: 'no_answer', ...expected });
    });
  });

  describe('rejects', () => {
    it.each<[number, string, Reason]>([
      [400, 'Bad Request: chat not found', 'chat_not_found'],
      [400, 'Bad Request: CHAT NOT FOUND', 'chat_not_found'],
      [400, 'Bad Request: chat_id is empty', 'chat_not_found'],
      [400, 'Bad Request: message thread not found', 'thread_not_found'],
      [400, 'Bad Request: TOPIC_CLOSED', 'thread_not_found'],
      [400, 'Bad Request: message to be replied not found', 'reply_not_found'],
      [400, 'Bad Request: can\'t parse entities: Unsupported start tag "x" at byte offset 0', 'bad_markup'],
      [400, 'Bad Request: ENTITIES_TOO_LONG', 'bad_markup'],
      [400, 'Bad Request: message is too long', 'too_long'],
      [400, 'Bad Request: message caption is too long', 'too_long'],
      [413, 'Request Entity Too Large', 'too_long'],
      [431, 'Request Header Fields Too Large', 'too_long'],
      [400, 'Bad Request: wrong file identifier/HTTP URL specified', 'bad_file'],
      [400, 'Bad Request: PHOTO_INVALID_DIMENSIONS', 'bad_file'],
      [400, 'Bad Request: Failed to send message #2 with the error message "WEBPAGE_MEDIA_EMPTY"', 'bad_file'],
      [400, 'Bad Request: there is no photo in the request', 'bad_file'],
      [400, 'Bad Request: there is no text in the message to edit', 'bad_request'],
      [400, 'Bad Request: not enough rights to send photos to the chat', 'not_enough_rights'],
      [400, 'Bad Request: have no write access to the chat', 'not_enough_rights'],
      [403, 'Forbidden: CHAT_WRITE_FORBIDDEN', 'not_enough_rights'],
      [403, 'Forbidden: ALLOW_PAYMENT_REQUIRED_10', 'not_enough_rights'],
      [403, "Forbidden: bot can't send messages to bots", 'not_enough_rights'],
      [403, 'Forbidden: bot was blocked by the user', 'bot_blocked'],
      [403, "Forbidden: bot can't initiate conversation with a user", 'bot_blocked'],
      [
        403,
        'Forbidden: Failed to send message #1 with the error message "Forbidden: bot was blocked by the user"',
        'bot_blocked',
      ],
      [403, 'Forbidden: bot is not a member of the channel chat', 'bot_kicked'],
      [403, 'Forbidden: the group chat was deleted', 'bot_kicked'],
      [403, 'Forbidden: user is deactivated', 'user_deactivated'],
      [403, 'Forbidden: something new', 'bad_request'],
      [404, 'Not Found: method not found', 'method_not_found'],
      [404, 'Not Found: something new', 'bad_request'],
      [400, 'Bad Request: reply markup is too long', 'bad_request'],
      [400, '', 'bad_request'],
      [409, 'Conflict: terminated by other getUpdates request', 'bad_request'],
      [421, 'Misdirected Request', 'bad_request'],
    ])('%i %j as %s', (error_code, description, reason) => {
      const answer = refused(error_code, description);
      expect(outcomeOf(answer)).toEqual({ kind: 'rejected', reason, error_code, description });
    });

    it('a bare "Not Found" as the method’s, where the Bot API has none of that name', () => {
      const answer = refused(404, 'Not Found');
      expect(outcomeOf(answer, 'sendMesage')).toMatchObject({ kind: 'rejected', reason: 'method_not_found' });
    });

    it.each(refusals.flatMap(({ reason, begins }) => begins.map((words) => [words, reason] as const)))(
      '%j as %s, in any case and whatever follows',
      (words, reason) => {
        for (const said of [`Bad Request: ${words}`, words.toUpperCase(), `forbidden: ${words.toLowerCase()}: more`]) {
          expect(outcomeOf(refused(400, said))).toMatchObject({ kind: 'rejected', reason });
        }
      },
    );

    it('a group that became a supergroup, naming its new id', () => {
      const words = 'Bad Request: group chat was upgraded to a supergroup chat';
      expect(outcomeOf(refused(400, words, { migrate_to_chat_id: -1001234567890 }))).toEqual({
        kind: 'rejected',
        reason: 'chat_migrated',
        error_code: 400,
        migratedTo: '-1001234567890',
        description: `${words} (migrate_to_chat_id -1001234567890)`,
      });
    });

    it.each([413, 431])('a request that a proxy found too large with %i', (status) => {
      expect(outcomeOf({ kind: 'no_answer', code: 'NOT_JSON', status })).toMatchObject({
        kind: 'rejected',
        reason: 'too_long',
        error_code: status,
      });
    });

    it('a file of ours that cannot be read', () => {
      expect(outcomeOf({ kind: 'unreadable', code: 'ENOENT' })).toEqual({
        kind: 'rejected',
        reason: 'bad_file',
        description: 'the file cannot be read: ENOENT',
      });
    });
  });
});
