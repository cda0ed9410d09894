import type { OpenAPIObject } from '@nestjs/swagger';

type Paths = OpenAPIObject['paths'];
type Operation = NonNullable<Paths[string]['post']>;

const about =
  'For Telegram clients that can change their API root. Methods that make, change or remove messages are queued, and answered with Telegram’s own result once delivered; all others go straight on. Parameters may stand in the query, too.';

const inPath = (name: string, description: string) => ({
  name,
  description,
  in: 'path' as const,
  required: true,
  schema: { type: 'string' as const },
});

const token = inPath('token', 'A bot’s own token, or `<digits>:<secret of API_TOKENS>`; the digits are a bot’s id.');

const parameters = { schema: { type: 'object' as const, additionalProperties: true } };

const refusal = {
  type: 'object' as const,
  required: ['ok', 'error_code', 'description'],
  properties: {
    ok: { type: 'boolean' as const, enum: [false] },
    error_code: { type: 'integer' as const },
    description: { type: 'string' as const },
    parameters: { type: 'object' as const, additionalProperties: true },
  },
};

const answers: Operation['responses'] = {
  200: {
    description: 'Telegram’s result. With `BOT_API_WAIT=0`, for methods that are queued: the queued message.',
    content: {
      'application/json': {
        schema: {
          type: 'object',
          required: ['ok', 'result'],
          properties: { ok: { type: 'boolean', enum: [true] }, result: {} },
        },
      },
    },
  },
  401: { description: 'The token is wrong.', content: { 'application/json': { schema: refusal } } },
  429: {
    description:
      'It is queued and not delivered yet, or could not be queued now: the same call joins it, or is queued.',
    headers: { 'Retry-After': { description: 'Seconds.', schema: { type: 'integer' } } },
    content: { 'application/json': { schema: refusal } },
  },
  default: { description: 'Telegram’s own refusal.', content: { 'application/json': { schema: refusal } } },
};

const call = (operationId: string, summary: string): Operation => ({
  ...{ operationId, summary, description: about, tags: ['bot api'], security: [] },
  parameters: [token, inPath('method', 'Any method of the Bot API, in letters of any case.')],
  responses: answers,
});

/** What the OpenAPI document says of the door. */
export const doorPaths: Paths = {
  '/bot{token}/{method}': {
    get: call('callBotApiByQuery', 'Calls a method of the Bot API, with parameters in the query'),
    post: {
      ...call('callBotApi', 'Calls a method of the Bot API'),
      requestBody: {
        content: {
          'application/json': parameters,
          'application/x-www-form-urlencoded': parameters,
          'multipart/form-data': parameters,
        },
      },
    },
  },
  '/file/bot{token}/{path}': {
    get: {
      ...{ operationId: 'downloadFile', summary: 'Downloads a file that `getFile` has named' },
      ...{ tags: ['bot api'], security: [] },
      parameters: [token, inPath('path', '`file_path` of `getFile`.')],
      responses: {
        200: { description: 'The file, as Telegram sends it.', content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } } }, // prettier-ignore
        default: { description: 'Telegram’s own refusal.', content: { 'application/json': { schema: refusal } } },
      },
    },
  },
};
