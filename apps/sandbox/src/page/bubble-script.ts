/** Media, keyboards and bubbles of the page. */
export const BUBBLE_SCRIPT = String.raw`
const clock = (seconds) => new Date(seconds * 1000).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
const size = (bytes) => !bytes ? '' : bytes < 1024 ? bytes + ' B' : bytes < 1048576 ? (bytes / 1024).toFixed(1) + ' KB' : (bytes / 1048576).toFixed(1) + ' MB';
const length = (seconds) => Math.floor(seconds / 60) + ':' + String(seconds % 60).padStart(2, '0');
function tile(className, picture, title, detail) {
  return el('div', { class: 'tile ' + className }, el('div', {}, icon(picture), title ? el('div', {}, title) : '', el('small', {}, detail)));
}
function file(picture, title, detail) {
  return el('div', { class: 'file' }, el('span', { class: 'icon' }, icon(picture)), el('div', {}, el('b', {}, title), el('small', {}, detail)));
}
const join = (...parts) => parts.filter(Boolean).join(' · ');
function visual(m) {
  const hidden = m.has_media_spoiler ? 'hidden' : '';
  if (m.photo) {
    const best = m.photo[m.photo.length - 1] || {};
    return tile(hidden, 'photo', 'Photo', join(best.width + '×' + best.height, size(best.file_size)));
  }
  if (m.animation) return tile('video ' + hidden, 'play', m.animation.file_name || 'GIF', size(m.animation.file_size));
  const video = m.video || m.live_photo;
  if (video) return tile('video ' + hidden, 'play', video.file_name || (m.video ? 'Video' : 'Live photo'), join(length(video.duration || 0), size(video.file_size)));
}
function poll(p) {
  const kind = p.is_closed ? 'Final results' : (p.is_anonymous ? 'Anonymous ' : 'Public ') + (p.type === 'quiz' ? 'quiz' : 'poll');
  return el('div', { class: 'poll' }, el('b', {}, p.question), el('small', {}, kind), el('ul', {}, p.options.map((option) => el('li', {}, option.text))), el('small', {}, p.total_voter_count + ' votes'));
}
const CARDS = {
  document: (d) => file('document', d.file_name || 'Document', join(size(d.file_size), d.mime_type)),
  audio: (a) => file('music', a.title || a.file_name || 'Audio', join(a.performer, length(a.duration || 0), size(a.file_size))),
  voice: (v) => file('voice', 'Voice message', join(length(v.duration || 0), size(v.file_size))),
  video_note: (v) => file('play', 'Video message', join(length(v.duration || 0), size(v.file_size))),
  sticker: (s) => el('div', { class: 'sticker', role: 'img', 'aria-label': 'Sticker' }, s.emoji || '🏷'),
  dice: (d) => el('div', { class: 'sticker', role: 'img', 'aria-label': 'Dice ' + d.value, title: String(d.value) }, d.emoji),
  venue: (v) => file('place', v.title, v.address),
  location: (l) => tile('map', 'place', 'Location', l.latitude + ', ' + l.longitude),
  contact: (c) => file('person', join(c.first_name, c.last_name), c.phone_number),
  poll,
  invoice: (i) => file('card', i.title || 'Invoice', join((i.total_amount / 100).toFixed(2) + ' ' + i.currency, i.description)),
  game: (g) => file('game', g.title, 'Game'),
  paid_media: (p) => tile('hidden', 'star', p.star_count + ' Stars', p.paid_media.length + ' items'),
};
const PLAIN = new Set('message_id from sender_chat chat date edit_date text entities caption caption_entities reply_markup reply_to_message quote message_thread_id is_topic_message media_group_id link_preview_options has_protected_content has_media_spoiler show_caption_above_media effect_id forward_origin photo video animation live_photo'.split(' '));
function cards(m) {
  return Object.keys(m).filter((part) => !PLAIN.has(part) && !(part === 'document' && m.animation) && !(part === 'location' && m.venue)).map((part) =>
    CARDS[part] ? CARDS[part](m[part]) : el('pre', { class: 'code' }, el('span', { class: 'lang' }, part), typeof m[part] === 'string' ? m[part] : JSON.stringify(m[part], null, 1)));
}
const preview = (m) => m.text || m.caption || (m.photo && 'Photo') || (m.poll && 'Poll: ' + m.poll.question) || Object.keys(m).filter((part) => CARDS[part] || /^(video|animation|live_photo)$/.test(part)).map((part) => ((m[part] || {}).file_name || part))[0] || 'Message';
function key(button, say) {
  const b = typeof button === 'string' ? { text: button } : button;
  const className = 'key ' + (['danger', 'success', 'primary'].includes(b.style) ? b.style : '');
  if (b.url) return link(b.url, className, b.text + ' ↗');
  const node = el('button', { type: 'button', class: className }, b.text);
  const effect = b.callback_data !== undefined ? 'callback_data: ' + b.callback_data : b.copy_text ? 'copies: ' + b.copy_text.text : 'sends: ' + b.text;
  node.addEventListener('click', () => say(effect));
  return node;
}
function keys(rows, label, say) {
  return el('div', { class: 'keys', role: 'group', 'aria-label': label }, rows.map((row) => el('div', {}, row.map((button) => key(button, say)))));
}
function bubble(items, manyBots, say) {
  const { message: m, silent, pinned } = items[0];
  const visuals = items.map((item) => visual(item.message)).filter(Boolean);
  const texts = m.text !== undefined ? [rich(m.text, m.entities)] : items.map(({ message }) => rich(message.caption || '', message.caption_entities));
  const body = texts.filter((text) => text.length > 0).map((text) => el('div', { class: 'body-text' }, text));
  const media = visuals.length === 0 ? '' : el('div', { class: items.length > 1 ? 'album' : 'solo' }, visuals);
  const author = manyBots && m.from ? el('div', { class: 'from' }, m.from.first_name) : '';
  const replied = m.reply_to_message;
  const gone = items.every((item) => item.deleted);
  const marks = [silent ? icon('silent', 'sent without a sound') : '', pinned ? icon('pin', 'pinned') : '',
    gone ? 'deleted' : '', items.some((item) => item.edits > 0) ? 'edited' : '', el('time', { datetime: new Date(m.date * 1000).toISOString() }, clock(m.date))];
  const meta = el('div', { class: 'meta' }, marks);
  const endsWithText = body.length > 0 && !m.show_caption_above_media;
  if (endsWithText) body[body.length - 1].append(meta);
  const parts = [author, m.message_thread_id ? el('span', { class: 'topic' }, '# Topic ' + m.message_thread_id) : '',
    m.forward_origin ? el('div', { class: 'from' }, 'Forwarded from ' + ((m.forward_origin.sender_chat || {}).title || 'a chat')) : '',
    replied ? el('div', { class: 'reply' }, el('b', {}, 'Reply to ' + replied.message_id), m.quote ? m.quote.text : preview(replied)) : '',
    m.show_caption_above_media ? [...body, media] : [media, items.map((item) => cards(item.message)), ...body],
    endsWithText ? '' : meta, el('div', { class: 'clear' })];
  const row = el('div', { class: 'row', role: 'article' }, el('div', { class: gone ? 'bubble deleted' : 'bubble' }, parts));
  if (m.reply_markup && m.reply_markup.inline_keyboard) row.append(keys(m.reply_markup.inline_keyboard, 'Buttons', say));
  return row;
}
function refusal(item) {
  return el('div', { class: 'refused', role: 'article' }, el('b', {}, '✕ ' + item.error_code), item.description, el('small', {}, item.method + ' ' + clock(item.date)), item.excerpt ? el('p', {}, item.excerpt) : '');
}
`;
