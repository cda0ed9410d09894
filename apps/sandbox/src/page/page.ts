import { APP_SCRIPT } from './app-script';
import { BUBBLE_SCRIPT } from './bubble-script';
import { BUBBLE_STYLE, FRAME_STYLE } from './style';
import { TEXT_SCRIPT } from './text-script';

const BODY = `
<button class="skip" id="skip" type="button">Skip to messages</button>
<header class="top">
  <span class="logo" aria-hidden="true"><svg viewBox="0 0 24 24"><path d="M2 11.5 21.5 3 18 21l-6.2-4.7-3.2 3.2-.6-5.6L18 6.5 6.4 13.1z"/></svg></span>
  <div><h1>TelegraMQ sandbox</h1><div class="sub">What your chats would see</div></div>
  <dl class="stats">
    <div><dt>calls/s</dt><dd id="rate">0</dd></div>
    <div><dt>delivered</dt><dd id="accepted">0</dd></div>
    <div><dt>429</dt><dd id="waits">0</dd></div>
  </dl>
  <div class="live" id="live" role="status">connecting</div>
</header>
<div class="body">
  <nav aria-label="Chats"><ul id="chats"></ul></nav>
  <main>
    <div class="chat-head" id="chat-head" hidden>
      <button class="back" id="back" type="button" aria-label="Back to chats">←</button>
      <div><h2 id="chat-title"></h2><div class="sub" id="chat-kind"></div></div>
      <span class="state" id="chat-state" hidden></span>
    </div>
    <section class="empty" id="empty">
      <h2>No messages yet</h2>
      <p>Send one, with any made-up token:</p>
      <pre id="example"></pre>
      <p>or point any Telegram client here, TelegraMQ itself by</p>
      <pre id="root"></pre>
      <p class="sub">Chats appear here as soon as something is sent to them.</p>
    </section>
    <div class="log" id="log" role="log" aria-label="Messages" tabindex="0" hidden></div>
    <div class="reply-keys" id="reply-keys" hidden></div>
  </main>
</div>
<div class="toast" id="toast" role="status"></div>`;

/** Stands in the page where the server puts what is to be seen first. */
export const FIRST_VIEW = '{"first":"view"}';

/** The whole page in one piece: it needs no other file and no network. */
export const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>TelegraMQ sandbox</title>
<link rel="icon" href="data:,">
<style>[hidden]{display:none!important}${FRAME_STYLE}${BUBBLE_STYLE}</style>
</head>
<body>${BODY}
<script type="application/json" id="first-view">${FIRST_VIEW}</script>
<script>${TEXT_SCRIPT}${BUBBLE_SCRIPT}${APP_SCRIPT}</script>
</body>
</html>
`;
