const PATTERN = encodeURIComponent(
  `<svg xmlns="http://www.w3.org/2000/svg" width="180" height="180" fill="none" stroke="#000" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"><path d="M18 34v22M14 39h8v11h-8zM34 26v24M30 31h8v12h-8z"/><path d="M84 18l14 5v10c0 8-6 13-14 17-8-4-14-9-14-17V23zM78 33l5 5 8-9"/><path d="M122 40c7-10 15-14 22-14s15 4 22 14c-7 10-15 14-22 14s-15-4-22-14zM144 46a6 6 0 1 0 0-12 6 6 0 0 0 0 12z"/><path d="M14 104l14-12 10 8 16-18M46 82h8v8"/><path d="M92 82c-9 0-14 6-14 14v9l-4 7h36l-4-7v-9c0-8-5-14-14-14zM87 117c1 4 9 4 10 0"/><path d="M146 112a16 16 0 1 0 0-32 16 16 0 0 0 0 32zM146 86v10l7 5"/><path d="M20 150h26v18H20zM25 150v-5a8 8 0 0 1 16 0v5M33 157v4"/><path d="M74 166v-8M84 166v-16M94 166v-12M104 166v-24"/><path d="M132 148h32l-16 22zM140 148l8 20 8-20"/></svg>`,
);

/** Colours, the phone's frame, header and wallpaper. */
export const STYLE_FRAME = `
:root {
  color-scheme: light dark;
  --accent: light-dark(#1f74bd, #6ab7ff);
  --on-accent: light-dark(#fff, #06223d);
  --link: light-dark(#1a6fb5, #7cc0ff);
  --surface: light-dark(#fff, #17212b);
  --surface-2: light-dark(#f1f4f7, #202b36);
  --line: light-dark(#dfe5ea, #0d141b);
  --text: light-dark(#101418, #eef3f7);
  --muted: light-dark(#5f6b76, #93a4b3);
  --in: light-dark(#fff, #1f2c39);
  --in-meta: light-dark(#66727d, #8fa1b1);
  --out: light-dark(#e4fbd3, #2b5278);
  --out-text: light-dark(#0f1a0c, #f2f8ff);
  --out-meta: light-dark(#3f7a32, #a9cdec);
  --code: light-dark(#eef2f6, #0f1821);
  --wall-1: light-dark(#c8dfc0, #0e1621);
  --wall-2: light-dark(#a9cfd3, #13202d);
  --wall-line: light-dark(#1e4d3a17, #8fb8dd0b);
  --pill: light-dark(#3b5c4ab3, #1b2a38e0);
  --key: light-dark(#2f5340b8, #24374ad9);
  --key-hover: light-dark(#264535d6, #2e465d);
  --danger: light-dark(#c62f2f, #cf3a3f);
  --success: light-dark(#1d7d44, #1f8249);
  --primary: light-dark(#1f74bd, #2775c4);
  --shadow: 0 1px 2px light-dark(#10202826, #0006);
  --font: -apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', 'DejaVu Sans', 'Noto Color Emoji', sans-serif;
}
:root[data-theme='light'] { color-scheme: light; }
:root[data-theme='dark'] { color-scheme: dark; }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html, body { height: 100%; margin: 0; }
body {
  background: light-dark(#e9eef3, #070b10);
  color: var(--text);
  font: 15px/1.4 var(--font);
  -webkit-text-size-adjust: 100%;
  overflow: hidden;
}
button, input, select, textarea { font: inherit; color: inherit; }
button { cursor: pointer; border: 0; background: none; padding: 0; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.log:focus-visible { outline-offset: -2px; }
.icon { width: 22px; height: 22px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; display: block; }
.stage { height: 100dvh; display: grid; place-items: center; }
.phone { position: relative; width: 100%; height: 100dvh; display: flex; flex-direction: column; background: var(--surface); }
.status-bar { display: none; }
@media (min-width: 560px) {
  .phone {
    width: 412px;
    height: min(880px, calc(100dvh - 32px));
    border-radius: 46px;
    border: 10px solid light-dark(#15191d, #232c35);
    box-shadow: 0 30px 70px light-dark(#1b2a3859, #000c), inset 0 0 0 1px #0003;
  }
  .phone > :last-child { border-bottom-left-radius: 36px; border-bottom-right-radius: 36px; }
  .status-bar { display: flex; justify-content: space-between; align-items: center; padding: 9px 26px 2px; font-size: 14px; font-weight: 600; }
  .status-icons { display: flex; gap: 6px; }
  .status-icons svg { height: 11px; fill: currentColor; }
  .composer { border-radius: 0 0 36px 36px; padding-bottom: 14px !important; }
}
.header { display: flex; align-items: center; gap: 10px; padding: 8px 8px 8px 14px; border-bottom: 1px solid var(--line); z-index: 2; }
.avatar { flex: none; width: 42px; height: 42px; }
.avatar svg { width: 100%; height: 100%; display: block; }
.avatar.big { width: 84px; height: 84px; }
.who { flex: 1; min-width: 0; }
.who h1 { margin: 0; font-size: 16.5px; line-height: 1.25; font-weight: 650; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.who p { margin: 0; font-size: 13px; line-height: 1.3; color: var(--muted); }
.who p[data-state='typing'] { color: var(--accent); }
.who p[data-state='typing']::after { content: ''; display: inline-block; width: 1.2em; text-align: left; animation: dots 1.2s steps(1) infinite; }
@keyframes dots { 0% { content: ''; } 25% { content: '.'; } 50% { content: '..'; } 75% { content: '...'; } }
.tool { width: 40px; height: 40px; border-radius: 50%; display: grid; place-items: center; color: var(--muted); flex: none; }
.tool[aria-label='More'] .icon { stroke-width: 3.2; }
.tool:hover { background: var(--surface-2); color: var(--text); }
.log-wrap { position: relative; flex: 1; min-height: 0; display: flex; background: linear-gradient(160deg, var(--wall-1), var(--wall-2)); }
.wallpaper { position: absolute; inset: 0; background: var(--wall-line); mask: url("data:image/svg+xml,${PATTERN}"); }
.log { position: relative; flex: 1; min-width: 0; overflow-y: auto; overflow-x: hidden; padding: 8px 10px 10px; scrollbar-width: thin; scrollbar-color: light-dark(#3b5c4a66, #3a4d5f) transparent; display: flex; flex-direction: column; }
.list { display: flex; flex-direction: column; margin-top: auto; }
@media (prefers-reduced-motion: reduce) { *, ::before, ::after { animation-duration: 0.01ms !important; transition-duration: 0.01ms !important; } }
`;
