/** Looks of the frame: header, chat list, pane. */
export const FRAME_STYLE = String.raw`
:root{color-scheme:light dark;--bg:#fff;--side:#fff;--line:#dfe5ea;--text:#0f1419;--dim:#65737e;--blue:#2481cc;--on-blue:#fff;
--wall:#cfdfc6;--wall2:#a9c7b4;--bubble:#fff;--quote:#e9f3fb;--code:#eef2f5;--hover:#f1f5f8;--red:#c62f2f;--red-bg:#fdecec;--chip:#0000004d;--shadow:0 1px 2px #0003;--key:#ffffffc9;--sel:#2481cc}
@media(prefers-color-scheme:dark){:root{--bg:#0e1621;--side:#17212b;--line:#0b121a;--text:#f2f5f7;--dim:#8fa1b3;--blue:#6ab3f3;--on-blue:#0e1621;
--wall:#0e1621;--wall2:#142231;--bubble:#182533;--quote:#20364a;--code:#0f1a25;--hover:#202b36;--red:#ff8a8a;--red-bg:#3a1e24;--chip:#00000073;--shadow:0 1px 2px #0008;--key:#22384dd9;--sel:#2b5278}}
*{box-sizing:border-box}html,body{height:100%;margin:0}
body{display:grid;grid-template-rows:auto 1fr;background:var(--bg);color:var(--text);font:15px/1.4 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
a{color:var(--blue)}button{font:inherit;color:inherit}
:focus-visible{outline:2px solid var(--blue);outline-offset:2px}
.skip{position:absolute;left:-99em}.skip:focus{left:8px;top:8px;background:var(--bg);padding:8px;z-index:2}
header.top{display:flex;align-items:center;gap:12px;padding:8px 16px;background:var(--side);border-bottom:1px solid var(--line)}
.logo{width:30px;height:30px;border-radius:50%;background:linear-gradient(#37aee2,#1e88d0);display:grid;place-items:center;flex:none}
.logo svg{width:18px;height:18px;fill:#fff;margin-left:-2px}
h1{font-size:16px;margin:0;font-weight:650}.sub{color:var(--dim);font-size:13px}
.stats{margin:0 0 0 auto;display:flex;gap:18px}.stats div{text-align:right;min-width:44px}
.stats dt{font-size:11px;color:var(--dim)}.stats dd{margin:0;font-weight:650;font-variant-numeric:tabular-nums}.stats .bad{color:var(--red)}
.live{font-size:12px;color:var(--dim);display:flex;gap:6px;align-items:center;min-width:74px}
.live:before{content:"";width:9px;height:9px;border-radius:50%;background:#e0a100}.live.on:before{background:#2fb344}
.body{display:grid;grid-template-columns:minmax(230px,320px) 1fr;min-height:0}
nav{background:var(--side);border-right:1px solid var(--line);overflow-y:auto}nav ul{list-style:none;margin:0;padding:6px}
nav a{display:grid;grid-template-columns:46px 1fr auto;column-gap:11px;padding:8px;border-radius:10px;color:inherit;text-decoration:none}
nav a:hover{background:var(--hover)}nav a[aria-current=true]{background:var(--sel);color:#fff}
nav a[aria-current=true] :is(.when,.last){color:inherit;opacity:.85}
.avatar{grid-row:span 2;width:46px;height:46px;border-radius:50%;display:grid;place-items:center;color:#fff;font-weight:650;font-size:17px}
.name{font-weight:600;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}.when{font-size:12px;color:var(--dim);white-space:nowrap}
.last{color:var(--dim);font-size:14px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}.last.bad{color:var(--red)}
.unread{justify-self:end;min-width:21px;padding:0 6px;border-radius:11px;background:var(--blue);color:var(--on-blue);font-size:12px;line-height:21px;text-align:center;font-weight:650}
main{display:grid;grid-template-rows:auto 1fr auto;min-height:0;min-width:0;background:linear-gradient(160deg,var(--wall),var(--wall2))}
.chat-head{display:flex;align-items:center;gap:10px;padding:8px 16px;background:var(--side);border-bottom:1px solid var(--line)}
.chat-head h2{font-size:15px;margin:0}.chat-head .state{margin-left:auto}
.state{background:var(--red-bg);color:var(--red);border-radius:9px;padding:2px 9px;font-size:12px;font-weight:600}
.back{display:none;border:0;background:none;font-size:20px;cursor:pointer}
.log{overflow-y:auto;padding:14px 16px;display:flex;flex-direction:column;gap:6px}
.log>:first-child{margin-top:auto}
.empty{margin:auto;max-width:600px;padding:24px;background:var(--bubble);border-radius:16px;box-shadow:var(--shadow)}
.empty h2{margin:0 0 8px;font-size:18px}.empty p{margin:8px 0}.empty pre{background:var(--code);padding:10px;border-radius:8px;white-space:pre-wrap;word-break:break-all;margin:6px 0;font-size:13px}
@media(max-width:760px){.body{grid-template-columns:1fr}.body.chat nav,.body:not(.chat) main{display:none}.back{display:block}.sub,.live{display:none}.stats{gap:12px}}
`;

/** Looks of what stands in a chat. */
export const BUBBLE_STYLE = String.raw`
.day{align-self:center;background:var(--chip);color:#fff;border-radius:12px;padding:2px 10px;font-size:12px;font-weight:600;margin:6px 0}
.row{align-self:flex-start;max-width:min(560px,88%);min-width:130px}
.bubble{background:var(--bubble);border-radius:14px 14px 14px 5px;box-shadow:var(--shadow);padding:7px 11px 5px;overflow-wrap:anywhere}
.bubble.deleted{opacity:.55}.bubble.deleted .body-text{text-decoration:line-through}
.from{font-size:13px;font-weight:650;color:var(--blue)}.topic{display:inline-block;font-size:12px;border-radius:8px;padding:0 8px;background:var(--quote);color:var(--blue);margin-bottom:3px}
.body-text{white-space:pre-wrap}
.reply{border-left:3px solid var(--blue);background:var(--quote);border-radius:5px;padding:3px 9px;margin:2px 0 5px;font-size:13px;max-height:58px;overflow:hidden}
.reply b{color:var(--blue);display:block}
.meta{float:right;margin:6px 0 0 14px;align-items:center;white-space:nowrap;font-size:11.5px;color:var(--dim);display:flex;gap:5px;line-height:1.4}.meta:empty{display:none}.clear{clear:both}
blockquote{margin:3px 0;padding:3px 10px;border-left:3px solid var(--blue);background:var(--quote);border-radius:5px}
blockquote.folded>.inner{display:-webkit-box;-webkit-line-clamp:3;-webkit-box-orient:vertical;overflow:hidden}
blockquote>button{border:0;background:none;padding:0;color:var(--blue);font-size:13px;cursor:pointer}
code{font:13px/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;background:var(--code);border-radius:4px;padding:1px 4px}
pre.code{margin:4px 0;background:var(--code);border-radius:7px;border-left:3px solid var(--blue);overflow-x:auto;font:13px/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;padding:7px 10px;white-space:pre}
pre.code .lang{display:block;font-size:11px;color:var(--blue);font-weight:650;margin-bottom:3px}
.spoiler{border-radius:4px;cursor:pointer;background:var(--dim);color:transparent}.spoiler *{color:transparent!important}.spoiler.shown,.spoiler.shown *{background:var(--code);color:inherit!important}
.mention{color:var(--blue)}.emoji{cursor:help}
.album{display:grid;grid-template-columns:repeat(2,1fr);gap:3px;margin:0 -6px 5px}.album>:only-child,.album>:first-child:nth-last-child(odd){grid-column:span 2}
.tile{min-height:128px;border-radius:9px;color:#fff;display:grid;place-items:center;text-align:center;padding:8px;font-size:13px;background:linear-gradient(135deg,#5b8def,#8f6ed5);overflow:hidden;min-width:150px}
.tile.video{background:linear-gradient(135deg,#27394f,#4a6a8a)}.tile.map{background:linear-gradient(135deg,#4aa36c,#8cc06d)}.tile.hidden{filter:blur(0);background:repeating-linear-gradient(45deg,#777,#777 6px,#888 6px,#888 12px)}
.ic{width:14px;height:14px;fill:currentColor}.tile .ic{width:34px;height:34px;opacity:.95}.icon .ic{width:20px;height:20px}.tile small{opacity:.9}
.solo{margin:0 -6px 5px}.solo .tile{min-height:170px;min-width:280px}
.file{display:flex;gap:11px;align-items:center;padding:4px 0;min-width:200px}.file .icon{width:42px;height:42px;border-radius:50%;background:#2481cc;color:#fff;display:grid;place-items:center;font-size:18px;flex:none}
.file b{display:block;font-weight:600}.file small{color:var(--dim)}
.sticker{font-size:64px;line-height:1.1}
.poll{min-width:240px}.poll b{display:block}.poll small{color:var(--dim)}.poll ul{list-style:none;padding:0;margin:6px 0}.poll li{padding:5px 0 5px 26px;position:relative;border-bottom:1px solid var(--line)}
.poll li:before{content:"";position:absolute;left:2px;top:9px;width:13px;height:13px;border:2px solid var(--dim);border-radius:50%}
.keys{display:grid;gap:4px;margin-top:4px}.keys div{display:grid;grid-auto-flow:column;grid-auto-columns:1fr;gap:4px}
.key{border:0;border-radius:9px;background:var(--key);padding:7px 8px;text-align:center;text-decoration:none;color:var(--blue);font-weight:600;font-size:14px;cursor:pointer;overflow-wrap:anywhere;box-shadow:var(--shadow)}
.key:hover{filter:brightness(1.06)}.key.danger{color:#fff;background:#d14343}.key.success{color:#fff;background:#2c9a55}.key.primary{color:#fff;background:#2481cc}
.reply-keys{background:var(--side);border-top:1px solid var(--line);padding:8px 16px}.reply-keys .key{color:var(--text);background:var(--hover)}
.refused{align-self:flex-start;max-width:min(560px,88%);background:var(--red-bg);color:var(--red);border:1px solid currentColor;border-radius:14px 14px 14px 5px;padding:6px 11px;font-size:13.5px;overflow-wrap:anywhere}
.refused b{margin-right:6px}.refused p{margin:2px 0 0;color:var(--text);opacity:.75}.refused small{float:right;margin:3px 0 0 12px}
.toast{position:fixed;left:50%;bottom:24px;transform:translateX(-50%);background:#10151c;color:#fff;border-radius:10px;padding:8px 16px;font-size:14px;max-width:80%;overflow-wrap:anywhere}.toast:empty{display:none}
`;
