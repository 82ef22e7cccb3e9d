/** The style sheet of the page, for screens light and dark, and for paper. */
export const style = `
:root {
  color-scheme: light dark;
  --page: #fbfbfa; --panel: #ffffff; --rule: #e4e3df; --ink: #1d1f23; --soft: #62666e;
  --accent: #0a6a93; --other: #a06a00; --alarm: #c0341d; --good: #1d7a4c;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #141619; --panel: #1b1e22; --rule: #2e3238; --ink: #e6e7e9; --soft: #9aa0a9;
    --accent: #62b8e0; --other: #e0a94a; --alarm: #ff8066; --good: #6fcf97;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Open Sans", sans-serif;
  font-variant-numeric: tabular-nums;
}
main { max-width: 1120px; margin: 0 auto; padding: 48px 28px 80px; }
h1 { font-size: 30px; line-height: 1.2; margin: 0; letter-spacing: -0.01em; overflow-wrap: anywhere; }
h2 { font-size: 19px; margin: 56px 0 4px; letter-spacing: -0.005em; }
p { margin: 4px 0; }
.soft, .unit, figcaption, .note { color: var(--soft); }
.note { font-size: 13.5px; max-width: 76ch; margin-bottom: 16px; }
.stages { display: flex; gap: 3px; margin: 28px 0 8px; }
.stage { min-width: 4px; }
.stage .bar { height: 8px; border-radius: 4px; background: var(--rule); overflow: hidden; }
.stage .done { height: 100%; background: var(--accent); }
.stage span { display: block; margin-top: 6px; font-size: 12.5px; color: var(--soft); white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(132px, 1fr)); gap: 10px; margin: 28px 0 0; }
.tile, figure, .panel { background: var(--panel); border: 1px solid var(--rule); border-radius: 10px; }
.tile { padding: 12px 14px; }
.tile .what { font-size: 12.5px; color: var(--soft); }
.tile .value { font-size: 20px; line-height: 1.4; white-space: nowrap; }
.tile .more { font-size: 12.5px; color: var(--soft); }
.better { color: var(--good); }
.worse { color: var(--alarm); }
.charts { display: grid; grid-template-columns: repeat(6, 1fr); gap: 14px; }
figure { margin: 0; padding: 14px 16px 8px; min-width: 0; }
figure svg { display: block; width: 100%; height: auto; font: 11px system-ui, "Open Sans", sans-serif; color: var(--ink); }
figure svg text { fill: var(--soft); }
figure svg rect:hover { fill-opacity: 0.07; }
figure svg rect[fill="none"] { stroke-opacity: 0.25; }
.wide { grid-column: span 6; }
.half { grid-column: span 3; }
.third { grid-column: span 2; }
figcaption { font-size: 13px; margin-bottom: 8px; }
figcaption b { color: var(--ink); font-weight: 600; margin-right: 4px; }
.key { margin-left: 12px; white-space: nowrap; }
.key::before { content: ""; display: inline-block; width: 18px; margin-right: 6px; vertical-align: middle; border-top: 2px solid var(--key); }
.key.dashed::before { border-top-style: dashed; }
.key.faint::before { opacity: 0.4; }
.key.none::before { width: 6px; height: 6px; border: 0; border-radius: 3px; background: var(--key); }
.samples { display: grid; grid-template-columns: repeat(auto-fill, minmax(480px, 1fr)); gap: 14px; }
.samples figure { padding-bottom: 14px; }
.samples img { display: block; width: 100%; height: auto; border-radius: 4px; }
.four { display: grid; grid-template-columns: repeat(4, 1fr); font-size: 12px; color: var(--soft); margin-top: 6px; text-align: center; }
.panel { padding: 16px 18px; margin-top: 14px; overflow-x: auto; }
pre { margin: 0; font: 13px/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
table { border-collapse: collapse; font-size: 13.5px; }
th, td { text-align: right; padding: 4px 0 4px 22px; border-bottom: 1px solid var(--rule); white-space: nowrap; }
tr:last-child td { border-bottom: 0; }
th { font-weight: 500; color: var(--soft); }
th:first-child, td:first-child { text-align: left; padding-left: 0; }
th:last-child, .pairs td:last-child { padding-right: 0; }
.pairs td { text-align: left; white-space: normal; overflow-wrap: anywhere; }
.pairs td:first-child { color: var(--soft); white-space: nowrap; width: 1%; padding-right: 8px; }
.two { display: grid; grid-template-columns: repeat(auto-fit, minmax(420px, 1fr)); gap: 14px; align-items: start; }
.two table { width: 100%; }
h3 { font-size: 14px; font-weight: 600; margin: 0 0 8px; }
details { margin-top: 14px; }
summary { cursor: pointer; color: var(--soft); font-size: 14px; }
@media (max-width: 760px) {
  main { padding: 24px 14px 48px; }
  .half, .third { grid-column: span 6; }
  .samples, .two { grid-template-columns: 1fr; }
}
@media print {
  :root { --page: #fff; --panel: #fff; }
  figure, .panel, .tile { break-inside: avoid; }
}
`;
