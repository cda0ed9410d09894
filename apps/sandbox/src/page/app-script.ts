/** The page itself: what it holds, what it asks the server, and when it draws. */
export const APP_SCRIPT = String.raw`
const $ = (id) => document.getElementById(id);
const COLORS = ['#e17076', '#eda86c', '#a695e7', '#7bc862', '#6ec9cb', '#65aadd', '#ee7aae'];
const REFRESH_MS = 250;
const state = { chats: [], chat: null, items: [], drawn: new Map(), last: undefined, toast: 0 };
let seen = {};
try { seen = JSON.parse(localStorage.getItem('seen') || '{}'); } catch { seen = {}; }

function say(text) {
  $('toast').textContent = text;
  clearTimeout(state.toast);
  state.toast = setTimeout(() => { $('toast').textContent = ''; }, 3000);
}
const firstView = JSON.parse($('first-view').textContent);
/** The first answer to each question came with the page. */
async function ask(path) {
  if (path in firstView) { const known = firstView[path]; delete firstView[path]; return known; }
  const answer = await fetch(path);
  return answer.ok ? answer.json() : [];
}
/** Puts the nodes under the parent in order, touching only those that changed, so that focus and opened parts stay. */
function sync(parent, nodes) {
  nodes.forEach((node, index) => { if (parent.childNodes[index] !== node) parent.insertBefore(node, parent.childNodes[index] || null); });
  while (parent.childNodes.length > nodes.length) parent.lastChild.remove();
}
function keyed(scope, key, content, make) {
  const mark = JSON.stringify(content);
  const old = state.drawn.get(scope + key);
  if (old && old.mark === mark) return old.node;
  const node = make();
  state.drawn.set(scope + key, { mark, node });
  return node;
}
const unread = (chat) => chat.id === (state.chat || {}).id ? 0 : Math.max(0, chat.messages - (seen[chat.id] > chat.messages ? 0 : seen[chat.id] || 0));
function lastLine(last) {
  if (!last) return ['No messages yet', '', ''];
  if (last.kind === 'refused') return ['✕ ' + last.description, clock(last.date), 'bad'];
  return [last.deleted ? 'Deleted message' : preview(last.message), clock(last.message.date), ''];
}
function chatLine(chat, current) {
  const [line, when, bad] = lastLine(chat.last);
  const count = unread(chat);
  const face = el('span', { class: 'avatar', 'aria-hidden': 'true' }, [...chat.name.replace(/^[@\s]+/, '')][0] || '?');
  face.style.background = COLORS[Math.abs(chat.id) % COLORS.length];
  return el('li', {}, el('a', { href: '#' + chat.id, 'aria-current': String(current) }, face,
    el('span', { class: 'name' }, chat.name), el('span', { class: 'when' }, when), el('span', { class: 'last ' + bad }, line.slice(0, 120)),
    count ? el('span', { class: 'unread', 'aria-label': count + ' unread' }, String(count)) : ''));
}
function drawChats() {
  const current = (state.chat || {}).id;
  sync($('chats'), state.chats.map((chat) => keyed('chat', chat.id, [chat, chat.id === current, unread(chat)], () => chatLine(chat, chat.id === current))));
}
function groups() {
  const rows = [];
  for (const item of state.items) {
    const before = rows[rows.length - 1];
    const album = item.kind === 'message' && item.message.media_group_id;
    if (album && before && before[0].kind === 'message' && before[0].message.media_group_id === album) before.push(item);
    else rows.push([item]);
  }
  return rows;
}
function drawLog() {
  const log = $('log');
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  const manyBots = new Set(state.items.map((item) => item.kind === 'message' && item.message.from && item.message.from.id).filter(Boolean)).size > 1;
  let day = '';
  const nodes = [];
  for (const row of groups()) {
    const first = row[0];
    const date = new Date((first.date || first.message.date) * 1000).toLocaleDateString([], { day: 'numeric', month: 'long' });
    if (date !== day) nodes.push(keyed('day', date, date, () => el('div', { class: 'day' }, date)));
    day = date;
    if (first.kind === 'refused') nodes.push(keyed('refused', first.seq, first, () => refusal(first)));
    else nodes.push(keyed('message', first.message.message_id, [row, manyBots], () => bubble(row, manyBots, say)));
  }
  sync(log, nodes);
  drawKeyboard();
  if (atEnd) log.scrollTop = log.scrollHeight;
}
function drawKeyboard() {
  const item = state.items.filter((one) => one.kind === 'message' && one.keyboard && !one.deleted).pop();
  const rows = item && item.keyboard.keyboard;
  sync($('reply-keys'), rows ? [keyed('keyboard', '', rows, () => keys(rows, 'Reply keyboard', say))] : []);
  $('reply-keys').hidden = !rows;
}
function draw() {
  const { chat } = state;
  const wanted = decodeURIComponent(location.hash.slice(1));
  document.querySelector('.body').classList.toggle('chat', wanted !== '');
  $('empty').hidden = state.chats.length > 0;
  $('chat-head').hidden = $('log').hidden = !chat;
  drawChats();
  if (!chat) { $('reply-keys').hidden = true; return; }
  $('chat-title').textContent = chat.name;
  $('chat-kind').textContent = chat.type + ' · ' + chat.id + (chat.username ? ' · @' + chat.username : '');
  $('chat-state').textContent = chat.state === 'open' ? '' : chat.state.replace('_', ' ');
  $('chat-state').hidden = chat.state === 'open';
  drawLog();
}
async function refresh() {
  state.chats = await ask('/sandbox/chats?limit=200');
  const wanted = decodeURIComponent(location.hash.slice(1));
  const named = (chat) => String(chat.id) === wanted || '@' + chat.username === wanted;
  const chat = wanted ? state.chats.find(named) || null : state.chats[0] || null;
  if ((chat || {}).id !== (state.chat || {}).id) { state.drawn.clear(); $('log').replaceChildren(); $('chats').replaceChildren(); }
  state.chat = chat;
  state.items = chat ? await ask('/sandbox/chats/' + encodeURIComponent(chat.id) + '/messages?limit=300') : [];
  if (chat) seen[chat.id] = chat.messages;
  try { localStorage.setItem('seen', JSON.stringify(seen)); } catch { seen = { ...seen }; }
  draw();
}
let planned = false;
let running = false;
/** Draws soon, once for all that happens until then. */
function plan() {
  if (planned) return;
  planned = true;
  setTimeout(async () => {
    if (running) { planned = false; plan(); return; }
    planned = false;
    running = true;
    await refresh().catch(console.error);
    running = false;
  }, REFRESH_MS);
}
function countUp(count) {
  const at = performance.now();
  const { last } = state;
  const rate = last && count.total >= last.total ? (count.total - last.total) / ((at - last.at) / 1000) : 0;
  state.last = { at, total: count.total };
  $('rate').textContent = rate < 10 ? rate.toFixed(1).replace('.0', '') : String(Math.round(rate));
  $('accepted').textContent = String(count.accepted + count.lost);
  $('waits').textContent = String(count.too_many_requests);
  $('waits').className = count.too_many_requests ? 'bad' : '';
  if (last && count.total < last.total) plan();
}
function connect() {
  const events = new EventSource('/sandbox/events');
  const live = (on) => { $('live').textContent = on ? 'live' : 'connecting'; $('live').className = on ? 'live on' : 'live'; };
  events.onopen = () => { live(true); plan(); };
  events.onerror = () => live(false);
  events.onmessage = plan;
  events.addEventListener('count', (event) => countUp(JSON.parse(event.data)));
}
$('example').textContent = 'curl ' + location.origin + '/bot1:sandbox/sendMessage \\\n  -d chat_id=42 -d parse_mode=HTML -d text="<b>Hello</b> from the sandbox"';
$('root').textContent = 'TELEGRAM_API_ROOT=' + location.origin;
$('skip').addEventListener('click', () => $('log').focus());
$('back').addEventListener('click', () => { location.hash = ''; });
addEventListener('hashchange', () => refresh().catch(console.error));
ask('/sandbox/journal/count').then(countUp).catch(console.error);
refresh().catch(console.error);
connect();
`;
