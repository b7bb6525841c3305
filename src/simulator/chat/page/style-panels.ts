/** Composer, menus, banner, toast, dialogs and the market drawer. */
export const STYLE_PANELS = `
.composer { display: flex; align-items: flex-end; gap: 8px; padding: 8px max(10px, env(safe-area-inset-right)) max(8px, env(safe-area-inset-bottom)) max(10px, env(safe-area-inset-left)); background: var(--surface); border-top: 1px solid var(--line); }
.composer textarea { flex: 1; min-width: 0; resize: none; border: 0; border-radius: 20px; background: var(--surface-2); padding: 9px 14px; line-height: 1.35; max-height: 132px; overflow-y: auto; scrollbar-width: none; }
.composer textarea:focus-visible { outline-width: 1.5px; outline-offset: -1px; }
.composer textarea::placeholder { color: var(--muted); opacity: 1; }
.menu-button { flex: none; width: 40px; height: 40px; border-radius: 50%; background: var(--surface-2); color: var(--link); font-size: 19px; font-weight: 700; }
.menu-button[aria-expanded='true'] { background: var(--accent); color: var(--on-accent); }
.send { flex: none; width: 40px; height: 40px; border-radius: 50%; background: var(--accent); color: var(--on-accent); display: grid; place-items: center; transition: opacity 0.15s; }
.send:disabled { background: var(--surface-2); color: var(--muted); cursor: default; }
.send .icon { width: 20px; height: 20px; margin-left: -1px; }
.wide-action { padding: 14px; background: var(--surface); border-top: 1px solid var(--line); color: var(--link); font-weight: 650; text-transform: uppercase; letter-spacing: 0.03em; }
.reply-bar { display: flex; align-items: center; padding: 6px 8px 0 14px; background: var(--surface); border-top: 1px solid var(--line); }
.reply-bar + .composer { border-top: 0; }
.reply-bar[hidden] + .composer { border-top: 1px solid var(--line); }
.reply-line { flex: 1; min-width: 0; padding-left: 9px; border-left: 3px solid var(--accent); font-size: 13.5px; }
.reply-line b { display: block; color: var(--link); }
.reply-line span { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; color: var(--muted); }
.reply-keyboard { display: grid; gap: 6px; padding: 6px 10px 14px; background: var(--surface); max-height: 220px; overflow-y: auto; }
.reply-keyboard div { display: flex; gap: 6px; }
.reply-keyboard button { flex: 1; min-height: 42px; border-radius: 9px; background: var(--surface-2); box-shadow: var(--shadow); font-weight: 550; padding: 6px 10px; }
.menu { position: absolute; left: 0; right: 0; bottom: 0; max-height: min(62%, 420px); overflow-y: auto; background: var(--surface); border-radius: 14px 14px 0 0; box-shadow: 0 -6px 24px #0003; padding: 6px; animation: sheet 0.16s ease-out; scrollbar-width: thin; }
@keyframes sheet { from { transform: translateY(18px); opacity: 0; } }
.menu-item { display: block; width: 100%; text-align: left; padding: 8px 12px; border-radius: 9px; line-height: 1.3; }
.menu-item:hover, .menu-item[aria-selected='true'] { background: var(--surface-2); }
.menu-item b { color: var(--link); font-weight: 600; margin-right: 8px; }
.menu-item span { color: var(--muted); font-size: 14px; }
.more { position: absolute; z-index: 6; top: 62px; right: 10px; min-width: 220px; padding: 6px; background: var(--surface); border-radius: 14px; box-shadow: 0 10px 34px #0005; border: 1px solid var(--line); }
@media (min-width: 560px) { .more { top: 92px; } }
.more button { display: flex; justify-content: space-between; width: 100%; text-align: left; padding: 9px 12px; border-radius: 9px; }
.more button:hover { background: var(--surface-2); }
.more h2 { margin: 6px 12px 2px; font-size: 12px; font-weight: 600; color: var(--muted); text-transform: uppercase; letter-spacing: 0.04em; }
.more .danger { color: light-dark(#b92424, #ff8a8d); }
.banner { position: absolute; z-index: 5; top: 8px; left: 8px; right: 8px; display: flex; align-items: center; gap: 11px; padding: 10px 13px; border-radius: 20px; text-align: left; background: light-dark(#fffffff0, #2a3744f5); backdrop-filter: blur(14px); box-shadow: 0 10px 30px #0006; animation: drop 0.28s cubic-bezier(0.2, 0.9, 0.3, 1.1); }
@keyframes drop { from { transform: translateY(-120%); } }
.banner .avatar { width: 38px; height: 38px; }
.banner-words { flex: 1; min-width: 0; }
.banner-words b { display: block; font-size: 14.5px; }
.banner-words span { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; font-size: 14px; line-height: 1.3; }
.banner-time { align-self: flex-start; font-size: 12px; color: var(--muted); }
.to-bottom { position: absolute; right: 14px; bottom: 14px; width: 44px; height: 44px; border-radius: 50%; background: var(--surface); color: var(--muted); display: grid; place-items: center; box-shadow: 0 3px 12px #0004; }
.unread { position: absolute; top: -7px; min-width: 22px; height: 22px; padding: 0 6px; border-radius: 11px; background: var(--accent); color: var(--on-accent); font-size: 12.5px; line-height: 22px; font-weight: 650; text-align: center; }
.toast { position: absolute; left: 50%; top: 14px; transform: translateX(-50%); width: max-content; max-width: calc(100% - 32px); padding: 10px 16px; border-radius: 12px; background: #14202bf0; color: #fff; box-shadow: 0 6px 22px #0006; animation: sheet-center 0.18s ease-out; white-space: pre-wrap; }
@keyframes sheet-center { from { opacity: 0; transform: translate(-50%, -12px); } }
.empty { position: absolute; inset: 0; display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 4px; text-align: center; pointer-events: none; }
.empty p { margin: 0; padding: 2px 12px; border-radius: 12px; background: var(--pill); color: #fff; }
.empty .avatar { margin-bottom: 10px; }
.empty .start { pointer-events: auto; margin-top: 14px; padding: 11px 46px; border-radius: 24px; background: var(--primary); color: #fff; font-weight: 650; box-shadow: 0 4px 14px #0003; }
dialog { border: 0; color: var(--text); }
.alert { border-radius: 16px; padding: 20px 22px 14px; max-width: min(320px, 84vw); background: var(--surface); box-shadow: 0 20px 60px #0008; }
.alert p { margin: 0 0 14px; white-space: pre-wrap; }
.alert form { text-align: right; }
.alert button { padding: 8px 18px; border-radius: 10px; color: var(--link); font-weight: 650; }
.alert::backdrop { background: #0008; }
.viewer { padding: 0; max-width: 100vw; max-height: 100dvh; width: 100vw; height: 100dvh; background: none; color: #fff; }
.viewer[open] { display: grid; grid-template-rows: 1fr auto; place-items: center; }
.viewer::backdrop { background: #000000e6; }
.viewer img { max-width: 96vw; max-height: 84dvh; object-fit: contain; }
.viewer p { margin: 0; padding: 8px 20px 20px; max-width: 720px; max-height: 24dvh; overflow-y: auto; white-space: pre-wrap; text-align: center; }
.viewer form { position: fixed; top: 12px; right: 12px; }
.viewer button { width: 44px; height: 44px; border-radius: 50%; background: #0009; color: #fff; display: grid; place-items: center; }
.market { position: absolute; z-index: 4; left: 0; right: 0; bottom: 0; padding: 12px 16px 20px; background: var(--surface); border-radius: 20px 20px 0 0; box-shadow: 0 -10px 40px #0005; animation: sheet 0.18s ease-out; }
.market-head { display: flex; justify-content: space-between; align-items: center; }
.market h2 { margin: 0; font-size: 17px; }
.market h3 { margin: 14px 0 6px; font-size: 13px; font-weight: 600; color: var(--muted); }
.market-facts { display: flex; gap: 26px; margin: 4px 0 0; }
.market-facts dt { font-size: 12.5px; color: var(--muted); }
.market-facts dd { margin: 0; font-weight: 600; font-variant-numeric: tabular-nums; }
.market-moves { display: flex; gap: 8px; }
.move { flex: 1; min-height: 42px; padding: 6px 10px; border-radius: 11px; font-weight: 650; color: #fff; background: var(--primary); }
.move.strong { flex: 1.9; }
.market-moves .move { font-size: 14px; white-space: nowrap; padding: 6px 4px; }
.market-form .move { min-height: 40px; }
.move.down { background: var(--danger); }
.move.up { background: var(--success); }
.move:disabled { opacity: 0.6; cursor: progress; }
.market-form { display: grid; grid-template-columns: 1fr 1fr; gap: 8px; align-items: end; }
.market-form label { display: grid; gap: 3px; font-size: 12.5px; color: var(--muted); }
.market-form input, .market-form select { width: 100%; min-height: 40px; padding: 6px 10px; border: 1px solid light-dark(#c3ccd4, #33424f); border-radius: 10px; background: var(--surface-2); color: var(--text); font-size: 15px; }
.market-note { min-height: 1.4em; margin: 10px 0 0; font-size: 13.5px; color: var(--muted); }
.market-note.bad { color: light-dark(#b92424, #ff8a8d); }
@media (min-width: 1000px) {
  .market { left: calc(100% + 40px); right: auto; bottom: auto; top: 40px; width: 300px; border-radius: 20px !important; box-shadow: 0 16px 44px light-dark(#1b2a3833, #000a); }
}
`;
