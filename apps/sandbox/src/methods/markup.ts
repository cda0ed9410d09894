import { badRequest, isRecord, type Params, Refusal, textOf } from '../call';

/** Keyboards of more buttons are refused: tdlib's REPLY_MARKUP_TOO_LONG. */
const MAX_BUTTONS = 100;
const MAX_MARKUP_BYTES = 10_240;

/** What makes an inline button do something; a button needs one of them. */
const ACTIONS = [
  'url',
  'callback_data',
  'web_app',
  'login_url',
  'switch_inline_query',
  'switch_inline_query_current_chat',
  'switch_inline_query_chosen_chat',
  'copy_text',
  'callback_game',
  'pay',
  'disabled',
];

export interface ReplyMarkup {
  /** Part of the message for good. */
  inline?: Params;
  /** Shown under the input field instead. */
  keyboard?: Params;
}

const cantParseKeyboard = (what: string) => badRequest(`can't parse ${what}`);

/** Checks `reply_markup`, which comes as JSON or, in forms, as its text. */
export function replyMarkup(given: unknown): ReplyMarkup | Refusal {
  if (given === undefined || given === null || given === '') return {};
  if (typeof given === 'string') return cantParseKeyboard('reply keyboard markup JSON object');
  if (!isRecord(given)) return badRequest('object expected as reply markup');
  if (given.inline_keyboard === undefined) return replyKeyboard(given);
  const rows = given.inline_keyboard;
  if (!Array.isArray(rows)) return cantParseKeyboard('inline keyboard: Field "inline_keyboard" must be of type Array');
  let buttons = 0;
  for (const row of rows as unknown[]) {
    if (!Array.isArray(row))
      return cantParseKeyboard('inline keyboard: expected an Array of Arrays of InlineKeyboardButton');
    for (const button of row as unknown[]) {
      const wrong = buttonRefusal(button);
      if (wrong) return wrong;
      buttons += 1;
    }
  }
  if (buttons > MAX_BUTTONS || tooLong(given)) return badRequest('reply markup is too long');
  return buttons === 0 ? {} : { inline: given };
}

const tooLong = (markup: Params) => Buffer.byteLength(JSON.stringify(markup)) > MAX_MARKUP_BYTES;

function buttonRefusal(button: unknown): Refusal | undefined {
  const where = 'inline keyboard button';
  if (!isRecord(button)) return cantParseKeyboard(`${where}: expected an Object`);
  if (textOf(button.text) === '') return cantParseKeyboard(`${where}: Field "text" must be of type String`);
  if (button.callback_data !== undefined) {
    const size = Buffer.byteLength(textOf(button.callback_data));
    if (size < 1 || size > 64) return badRequest('BUTTON_DATA_INVALID');
  }
  if (button.url !== undefined && !/^(https?|tg|ton):\/\/\S+$|^[\w-]+(\.[\w-]+)+\S*$/i.test(textOf(button.url))) {
    return badRequest(`inline keyboard button URL '${textOf(button.url)}' is invalid: Wrong HTTP URL`);
  }
  if (ACTIONS.every((action) => button[action] === undefined)) {
    return cantParseKeyboard(`${where}: Text buttons are unallowed in the inline keyboard`);
  }
  return undefined;
}

function replyKeyboard(given: Params): ReplyMarkup | Refusal {
  if (given.keyboard === undefined) return { keyboard: given };
  const rows = given.keyboard;
  if (!Array.isArray(rows) || rows.some((row) => !Array.isArray(row))) {
    return cantParseKeyboard('reply keyboard: expected an Array of Arrays of KeyboardButton');
  }
  const named = (button: unknown) => typeof button === 'string' || (isRecord(button) && textOf(button.text) !== '');
  const buttons = (rows as unknown[][]).flat();
  if (!buttons.every(named)) return cantParseKeyboard('keyboard button: Field "text" must be of type String');
  if (buttons.length > 300 || tooLong(given)) return badRequest('reply markup is too long');
  return { keyboard: given };
}
