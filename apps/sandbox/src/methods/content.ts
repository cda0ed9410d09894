import { badRequest, type Call, flagOf, integerOf, isRecord, type Params, Refusal, textOf } from '../call';
import { captionParts, messageText } from '../parse/formatting';
import type { World } from '../world';
import { MEDIA_KINDS, type MediaKind, mediaPart } from './media';

/** What a message of one method shows: its text, medium, place, poll … */
export function contentOf(world: World, call: Call): Params | Refusal {
  const kind = call.method.toLowerCase().slice('send'.length);
  const medium = MEDIA_KINDS.find((name) => name.replace('_', '') === kind);
  if (medium) return mediaContent(world, call, medium);
  const build = Object.hasOwn(BUILDERS, kind) ? BUILDERS[kind] : undefined;
  return build ? build(call.params, world, call) : unknownContent(call.params, kind);
}

type Builder = (params: Params, world: World, call: Call) => Params | Refusal;

export function textContent(params: Params): Params | Refusal {
  const parsed = messageText(params);
  if (parsed instanceof Refusal) return parsed;
  const { text, entities } = parsed;
  const options = isRecord(params.link_preview_options) ? { link_preview_options: params.link_preview_options } : {};
  return { text, ...(entities.length > 0 ? { entities } : {}), ...options };
}

function mediaContent(world: World, call: Call, kind: MediaKind): Params | Refusal {
  const { params } = call;
  const part = mediaPart(kind, textOf(params[kind]), params, call, world.files);
  if (part instanceof Refusal) return part;
  const caption = captionParts(params);
  if (caption instanceof Refusal) return caption;
  return { ...part, ...caption, ...mediaFlags(params) };
}

/** Marks that a medium carries beside its caption. */
export const mediaFlags = (params: Params): Params => ({
  ...(flagOf(params.has_spoiler) ? { has_media_spoiler: true } : {}),
  ...(flagOf(params.show_caption_above_media) ? { show_caption_above_media: true } : {}),
});

const location = (params: Params) => ({ latitude: Number(params.latitude), longitude: Number(params.longitude) });

function locationContent(params: Params): Params | Refusal {
  const { latitude, longitude } = location(params);
  if (textOf(params.latitude) === '' || !(Math.abs(latitude) <= 90)) return badRequest('bad latitude');
  if (textOf(params.longitude) === '' || !(Math.abs(longitude) <= 180)) return badRequest('bad longitude');
  return { location: { latitude, longitude } };
}

function pollContent(params: Params): Params | Refusal {
  const question = textOf(params.question);
  if (question === '') return badRequest('poll question must be non-empty');
  if ([...question].length > 300) return badRequest('poll question length must not exceed 300');
  if (!Array.isArray(params.options)) return badRequest("can't parse options JSON object");
  const options = (params.options as unknown[]).map((option) => textOf(isRecord(option) ? option.text : option));
  if (options.length < 1) return badRequest('poll must have at least 1 option');
  if (options.length > 12) return badRequest("poll can't have more than 12 options");
  if (options.some((text) => text === '')) return badRequest('poll options must be non-empty');
  return {
    poll: {
      id: String(Math.floor(Math.random() * 1e15)),
      question,
      options: options.map((text) => ({ text, voter_count: 0 })),
      total_voter_count: 0,
      is_closed: flagOf(params.is_closed),
      is_anonymous: params.is_anonymous === undefined || flagOf(params.is_anonymous),
      type: textOf(params.type) || 'regular',
      allows_multiple_answers: flagOf(params.allows_multiple_answers),
    },
  };
}

function contactContent(params: Params): Params | Refusal {
  const [phone_number, first_name] = [textOf(params.phone_number), textOf(params.first_name)];
  if (phone_number === '') return badRequest('phone number is empty');
  if (first_name === '') return badRequest('first name is empty');
  const last_name = textOf(params.last_name);
  return { contact: { phone_number, first_name, ...(last_name ? { last_name } : {}) } };
}

const BUILDERS: Record<string, Builder> = {
  message: textContent,
  location: locationContent,
  poll: pollContent,
  contact: contactContent,
  venue: (params) => {
    const place = locationContent(params);
    if (place instanceof Refusal) return place;
    return { ...place, venue: { ...place, title: textOf(params.title), address: textOf(params.address) } };
  },
  dice: (params) => ({ dice: { emoji: textOf(params.emoji) || '🎲', value: 1 + Math.floor(Math.random() * 6) } }),
  invoice: ({ title, description, currency, prices }) => {
    const amounts = Array.isArray(prices) ? (prices as { amount?: unknown }[]) : [];
    const total_amount = amounts.reduce((sum, { amount }) => sum + (integerOf(amount) ?? 0), 0);
    return { invoice: { title, description, currency, start_parameter: '', total_amount } };
  },
  game: (params) => ({ game: { title: textOf(params.game_short_name), description: '', photo: [] } }),
  paidmedia: (params, _world, call) => {
    const caption = captionParts(params);
    if (caption instanceof Refusal) return caption;
    const media = Array.isArray(params.media) ? params.media : call.files;
    const shown = media.map(() => ({ type: 'preview' }));
    return { paid_media: { star_count: integerOf(params.star_count) ?? 1, paid_media: shown }, ...caption };
  },
  richmessage: (params) =>
    isRecord(params.rich_message) ? { rich_message: params.rich_message } : badRequest('rich_message is empty'),
};

/** A kind of message that this sandbox has never heard of shows what it was given under its own name. */
function unknownContent(params: Params, kind: string): Params | Refusal {
  const caption = captionParts(params);
  if (caption instanceof Refusal) return caption;
  const own = Object.keys(params).find((name) => name.replaceAll('_', '') === kind);
  return { ...(own ? { [own]: params[own] } : {}), ...caption };
}
