import { isRecord, type Params } from '../call';

/** Parameters that are structures; forms carry them as JSON text, and clients do so inside JSON as well. */
const STRUCTURED = new Set([
  'allowed_updates',
  'business_connection',
  'caption_entities',
  'checklist',
  'commands',
  'correct_option_ids',
  'country_codes',
  'description_entities',
  'direct_messages_topic_id',
  'entities',
  'ephemeral_message_parameters',
  'explanation_entities',
  'explanation_media',
  'input_media',
  'link_preview_options',
  'media',
  'menu_button',
  'message_ids',
  'options',
  'permissions',
  'prices',
  'question_entities',
  'reaction',
  'reply_markup',
  'reply_parameters',
  'results',
  'rich_message',
  'scope',
  'sticker',
  'stickers',
  'suggested_post_parameters',
  'suggested_tip_amounts',
  'text_entities',
]);

/** Decodes the structures among the parameters in place; what is no JSON stays text, for the method to refuse. */
export function decodeStructures(params: Params): Params {
  for (const name in params) {
    const value = params[name];
    if (typeof value !== 'string' || !STRUCTURED.has(name) || !/^\s*[[{]/.test(value)) continue;
    try {
      params[name] = JSON.parse(value) as unknown;
    } catch {
      continue;
    }
  }
  return params;
}

/** Telegram puts the parameters of the query and then those of the body in one list, and takes the first of a name. */
export function addParam(params: Params, name: string, value: unknown): void {
  if (!Object.hasOwn(params, name) && name !== '__proto__') params[name] = value;
}

export function addForm(params: Params, form: string): void {
  if (form === '') return;
  for (const [name, value] of new URLSearchParams(form)) addParam(params, name, value);
}

/** @returns Whether the text was a JSON object. */
export function addJson(params: Params, json: string): boolean {
  if (json.trim() === '') return true;
  try {
    const body = JSON.parse(json) as unknown;
    if (!isRecord(body)) return false;
    for (const [name, value] of Object.entries(body)) addParam(params, name, value);
    return true;
  } catch {
    return false;
  }
}
