/**
 * Building blocks of the page, and formatted text. Everything that comes from a message becomes a text node or an
 * attribute that cannot run; there is no place where it is read as HTML.
 */
export const TEXT_SCRIPT = String.raw`
'use strict';
function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const name in attributes || {}) if (attributes[name] !== undefined) node.setAttribute(name, attributes[name]);
  for (const child of children.flat(Infinity)) if (child !== undefined && child !== null && child !== '') node.append(child);
  return node;
}
const ICONS = {
  photo: 'M4 5h16v14H4zM6 17h12l-4-6-3 4-2-2z', play: 'M8 5v14l11-7z', document: 'M6 3h8l5 5v13H6zM13 4v5h5z',
  music: 'M9 17V5l10-2v12a3 3 0 1 1-2-2.8V7l-6 1.2V17a3 3 0 1 1-2-2.8z', voice: 'M12 3a3 3 0 0 1 3 3v6a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3zM6 11h2a4 4 0 0 0 8 0h2a6 6 0 0 1-5 5.9V21h-2v-4.1A6 6 0 0 1 6 11z',
  place: 'M12 2a7 7 0 0 1 7 7c0 5-7 13-7 13S5 14 5 9a7 7 0 0 1 7-7zm0 4.500a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z', person: 'M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM4 20c0-4 4-6 8-6s8 2 8 6z',
  card: 'M3 5h18v4H3zM3 11h18v8H3z', game: 'M6 8h12a4 4 0 0 1 0 9c-2 0-3-2-4-2h-4c-1 0-2 2-4 2a4 4 0 0 1 0-9z', star: 'M12 2l3 7 7 .6-5.3 4.700L18.3 22 12 17.8 5.7 22l1.6-7.700L2 9.6 9 9z',
  silent: 'M4 3l17 17-1.4 1.400L17 19H4l2-3v-5L2.6 4.400zM12 3a6 6 0 0 1 6 6v5L9 4.500A6 6 0 0 1 12 3zm-2 17h4a2 2 0 0 1-4 0z', pin: 'M9 3h6v2l-1 1v5l3 3v2h-4v5l-1 1-1-1v-5H7v-2l3-3V6L9 5z',
};
function icon(name, label) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', 'ic');
  if (label) { svg.setAttribute('role', 'img'); svg.setAttribute('aria-label', label); } else svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', ICONS[name]);
  path.setAttribute('fill-rule', 'evenodd');
  svg.append(path);
  return svg;
}
const SAFE_LINK = /^(https?|tg|ton|tonsite|ftp|mailto|tel):/i;
function link(url, className, ...children) {
  if (!SAFE_LINK.test(url)) return el('span', { class: className, title: String(url) }, ...children);
  return el('a', { class: className, href: url, rel: 'noopener noreferrer', target: '_blank' }, ...children);
}
function spoiler(children) {
  const node = el('span', { class: 'spoiler', role: 'button', tabindex: '0', 'aria-label': 'Hidden text, press to show' }, children);
  const show = () => {
    node.classList.add('shown');
    for (const name of ['role', 'tabindex', 'aria-label']) node.removeAttribute(name);
  };
  node.addEventListener('click', show);
  node.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); show(); }
  });
  return node;
}
function quote(children, folds) {
  const inner = el('div', { class: 'inner' }, children);
  if (!folds) return el('blockquote', {}, inner);
  const more = el('button', { type: 'button', 'aria-expanded': 'false' }, 'Show more');
  const node = el('blockquote', { class: 'folded' }, inner, more);
  more.addEventListener('click', () => {
    const folded = node.classList.toggle('folded');
    more.textContent = folded ? 'Show more' : 'Show less';
    more.setAttribute('aria-expanded', String(!folded));
  });
  return node;
}
function wrap(entity, source, children) {
  switch (entity.type) {
    case 'bold': return el('strong', {}, children);
    case 'italic': return el('em', {}, children);
    case 'underline': return el('u', {}, children);
    case 'strikethrough': return el('s', {}, children);
    case 'spoiler': return spoiler(children);
    case 'code': return el('code', {}, children);
    case 'pre': return el('pre', { class: 'code', tabindex: '0' }, entity.language ? el('span', { class: 'lang' }, entity.language) : '', children);
    case 'blockquote': return quote(children, false);
    case 'expandable_blockquote': return quote(children, true);
    case 'text_link': return link(entity.url, undefined, children);
    case 'url': return link(/^[a-z]+:/i.test(source) ? source : 'https://' + source, undefined, children);
    case 'email': return link('mailto:' + source, undefined, children);
    case 'phone_number': return link('tel:' + source, undefined, children);
    case 'custom_emoji': return el('span', { class: 'emoji', title: 'custom emoji ' + entity.custom_emoji_id }, children);
    case 'date_time': return el('span', { class: 'mention', title: new Date(entity.unix_time * 1000).toString() }, children);
    default: return el('span', { class: 'mention' }, children);
  }
}
const byPlace = (a, b) => a.offset - b.offset || b.length - a.length;
/** Nodes of a formatted text. Entities that overlap without nesting are cut where the outer one ends. */
function rich(text, entities, from = 0, to = text.length) {
  let queue = (entities || []).filter((one) => one.length > 0).sort(byPlace);
  const nodes = [];
  let at = from;
  while (queue.length > 0) {
    const entity = queue[0];
    const start = Math.max(entity.offset, at);
    const end = Math.min(entity.offset + entity.length, to);
    const inside = [];
    const later = [];
    for (const next of queue.slice(1)) {
      const over = next.offset + next.length - end;
      if (next.offset >= end) later.push(next);
      else if (over <= 0) inside.push(next);
      else {
        inside.push({ ...next, length: end - next.offset });
        later.push({ ...next, offset: end, length: over });
      }
    }
    queue = later.sort(byPlace);
    if (end <= start) continue;
    if (start > at) nodes.push(text.slice(at, start));
    nodes.push(wrap(entity, text.slice(start, end), rich(text, inside, start, end)));
    at = end;
  }
  if (at < to) nodes.push(text.slice(at, to));
  return nodes;
}
`;
