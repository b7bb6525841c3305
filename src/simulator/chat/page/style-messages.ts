/** Bubbles and everything inside them. */
export const STYLE_MESSAGES = `
.day { align-self: center; margin: 8px 0 6px; padding: 3px 11px; border-radius: 14px; background: var(--pill); color: #fff; font-size: 13px; font-weight: 550; }
.message { display: flex; flex-direction: column; max-width: min(86%, 480px); margin-top: 2px; align-self: flex-start; align-items: stretch; min-width: 0; }
.message.first { margin-top: 8px; }
.message.out { align-self: flex-end; align-items: flex-end; }
.message.new { animation: rise 0.18s ease-out; }
@keyframes rise { from { opacity: 0; transform: translateY(10px); } }
.bubble { position: relative; background: var(--in); color: var(--text); border-radius: 16px; padding: 6px 11px 7px; box-shadow: var(--shadow); min-width: 84px; overflow-wrap: anywhere; }
.out .bubble { background: var(--out); color: var(--out-text); }
.message.last .bubble { border-bottom-left-radius: 4px; }
.message.last.out .bubble { border-bottom-left-radius: 16px; border-bottom-right-radius: 4px; }
.message.last .bubble::after { content: ''; position: absolute; bottom: 0; left: -7px; width: 8px; height: 15px; background: var(--in); clip-path: path('M8 0v15H0c5-2 8-7 8-15z'); }
.message.last.out .bubble::after { left: auto; right: -7px; background: var(--out); clip-path: path('M0 0v15h8C3 13 0 8 0 0z'); }
.words { white-space: pre-wrap; }
.words b { font-weight: 650; }
.words a, .words .command { color: var(--link); text-decoration: none; }
.out .words a, .out .words .command { color: light-dark(#1a6fb5, #a8d8ff); }
.words a:hover { text-decoration: underline; }
.command { font: inherit; display: inline; text-align: left; }
.command:hover { text-decoration: underline; }
.words code { font: 0.92em/1.35 ui-monospace, 'SF Mono', 'Cascadia Mono', 'DejaVu Sans Mono', monospace; background: var(--code); color: light-dark(#9a2c5e, #f3a6c8); border-radius: 5px; padding: 0.5px 4px; cursor: copy; }
.words pre { margin: 4px 0; padding: 7px 9px; background: var(--code); border-radius: 8px; border-left: 3px solid var(--accent); overflow-x: auto; white-space: pre; font: 12.5px/1.4 ui-monospace, 'SF Mono', 'Cascadia Mono', 'DejaVu Sans Mono', monospace; overflow-wrap: normal; }
.words pre .language { display: block; font: 600 12px var(--font); color: var(--link); margin-bottom: 3px; }
.words blockquote { margin: 3px 0; padding: 3px 9px; border-left: 3px solid var(--accent); border-radius: 5px; background: light-dark(#2481cc14, #6ab7ff1a); font-size: 14px; }
.words blockquote.expandable { cursor: pointer; }
.words blockquote.expandable:not(.open) { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden; }
.spoiler { background: light-dark(#8a949e, #66788a); color: transparent; border-radius: 4px; cursor: pointer; transition: color 0.2s, background 0.2s; }
.spoiler * { color: transparent !important; background: none !important; }
.spoiler.open { background: light-dark(#8a949e26, #66788a40); color: inherit; }
.spoiler.open * { color: inherit !important; }
.meta { float: right; margin: 6px -3px -4px 10px; font-size: 12px; line-height: 18px; color: var(--in-meta); white-space: nowrap; user-select: none; }
.out .meta { color: var(--out-meta); }
.meta .ticks { display: inline-block; width: 17px; height: 10px; margin-left: 4px; background: currentColor; mask: url("data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 17 10' fill='none' stroke='%23000' stroke-width='1.5' stroke-linecap='round' stroke-linejoin='round'%3E%3Cpath d='M1 5.5l3 3L11 1M8 8l.5.5L16 1'/%3E%3C/svg%3E") no-repeat center; }
.emoji { display: inline-block; width: 1.2em; height: 1.2em; margin: 0 0.06em; vertical-align: -0.24em; background: center / contain no-repeat; color: transparent !important; overflow: hidden; text-indent: 3em; white-space: nowrap; line-height: 1.2; }
.reply { display: block; width: 100%; text-align: left; margin: 1px 0 5px; padding: 3px 9px; border-left: 3px solid var(--accent); border-radius: 5px; background: light-dark(#2481cc14, #6ab7ff1a); font-size: 13.5px; line-height: 1.3; }
.reply b { display: block; color: var(--link); }
.reply span { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; color: var(--muted); max-width: 240px; }
.sender { display: block; font-size: 13px; font-weight: 600; color: var(--link); }
.media .bubble { padding: 3px; }
.media .words { padding: 4px 8px 3px; }
.media.plain .meta { position: absolute; right: 10px; bottom: 9px; margin: 0; padding: 0 7px; background: #000000a6; color: #fff; border-radius: 10px; }
.media .meta { margin: 4px 5px 0 10px; }
.photo { display: block; position: relative; width: 100%; overflow: hidden; border-radius: 13px; background: var(--surface-2); cursor: zoom-in; }
.photo img { display: block; width: 100%; height: 100%; object-fit: cover; }
.media:not(.plain) .photo:first-child { border-radius: 13px 13px 5px 5px; }
.album { display: grid; grid-template-columns: repeat(6, 1fr); gap: 2px; border-radius: 13px; overflow: hidden; width: 100%; }
.album .photo { border-radius: 0 !important; grid-column: span 3; aspect-ratio: 1; }
.album .photo.wide { grid-column: span 6; aspect-ratio: 16 / 9; }
.album .photo.third { grid-column: span 2; }
.document { display: flex; align-items: center; gap: 10px; padding: 6px 8px; color: inherit; text-decoration: none; min-width: 200px; border-radius: 12px; }
.document:hover .document-name { text-decoration: underline; }
.document-icon { flex: none; width: 44px; height: 44px; border-radius: 50%; background: var(--primary); color: #fff; display: grid; place-items: center; font-size: 11px; font-weight: 700; }
.document-name { display: block; font-weight: 600; }
.document-size { display: block; font-size: 13px; color: var(--in-meta); }
.out .document-size { color: var(--out-meta); }
.keyboard { display: flex; flex-direction: column; gap: 4px; margin-top: 4px; width: 100%; }
.keyboard-row { display: flex; gap: 4px; }
.key { position: relative; flex: 1 1 0; min-width: 0; min-height: 40px; padding: 8px 10px; border-radius: 10px; background: var(--key); color: #fff; font-weight: 600; font-size: 14.5px; line-height: 1.25; text-align: center; text-decoration: none; display: grid; place-items: center; overflow-wrap: anywhere; backdrop-filter: blur(6px); transition: background 0.12s, transform 0.06s; }
.key:hover { background: var(--key-hover); }
.key:active { transform: scale(0.98); filter: brightness(0.9); }
.key.danger { background: var(--danger); }
.key.success { background: var(--success); }
.key.primary { background: var(--primary); }
.key.danger:hover, .key.success:hover, .key.primary:hover { filter: brightness(1.08); }
.key .corner { position: absolute; top: 3px; right: 6px; font-size: 10px; opacity: 0.85; }
.key[aria-busy='true'] { filter: brightness(0.88); cursor: progress; }
.key[aria-busy='true']::after { content: ''; position: absolute; top: 5px; right: 5px; width: 11px; height: 11px; border-radius: 50%; border: 2px solid #fff5; border-top-color: #fff; animation: spin 0.7s linear infinite; }
@keyframes spin { to { transform: rotate(1turn); } }
.reactions { display: flex; gap: 4px; margin: 3px 0 0; }
.reaction { padding: 1px 9px; border-radius: 12px; background: var(--pill); font-size: 14px; }
.pin { margin-right: 4px; }
.message.flash .bubble { animation: flash 1.2s ease-out; }
@keyframes flash { from { box-shadow: 0 0 0 4px var(--accent); } }
.earlier { align-self: center; padding: 5px 14px; border-radius: 14px; background: var(--pill); color: #fff; font-size: 13px; }
`;
