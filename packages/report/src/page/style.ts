import { Html } from './html.js';

/** The page's own style; colours follow Okabe and Ito (2008), which the colour-blind can tell apart. */
export const style = new Html(`
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --paper: #ffffff; --wash: #f6f8fa;
  --naive: #b34700; --proof: #0068a8; --other: #6e7781; --bad: #b3261e; --good: #1a6b37; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9ba6b2; --line: #343b44; --paper: #0f1318;
  --wash: #171c22; --naive: #f0883e; --proof: #58b2f2; --other: #8b949e; --bad: #ff8a80; --good: #6fcf8d; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.55 system-ui, "Segoe UI", Roboto, sans-serif; }
main { max-width: 76rem; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .3rem; letter-spacing: -.01em; overflow-wrap: anywhere; }
h2 { font-size: 1.25rem; margin: 2.8rem 0 .6rem; padding-top: .9rem; border-top: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.4rem 0 .4rem; }
p, figcaption { max-width: 56rem; } p { margin: .4rem 0 .8rem; }
.finding p { max-width: none; }
.meta, .note, caption, figcaption { color: var(--soft); font-size: .87rem; }
.finding { background: var(--wash); border-left: 4px solid var(--proof); padding: .9rem 1.2rem; margin: 1.4rem 0; border-radius: 0 6px 6px 0; }
.finding p { font-size: 1.04rem; }
.finding p:last-child { margin-bottom: 0; color: var(--soft); font-size: .95rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .87rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding: 0 0 .5rem; }
th, td { text-align: left; padding: .38rem .7rem .38rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
thead th { font-weight: 600; border-bottom: 2px solid var(--line); vertical-align: bottom; }
td.number, th.number { text-align: right; } td.number, tbody th { white-space: nowrap; }
th .meta { font-weight: 400; } .classes { color: var(--soft); font-size: .8rem; white-space: nowrap; }
tbody th { font-weight: 600; }
tr.net th { padding-top: 1rem; } tr.member th, tr.member td { color: var(--soft); } tr.member th { font-weight: 400; padding-left: 1.4em; }
.rate small { color: var(--soft); display: block; white-space: nowrap; }
.naive { color: var(--naive); } .masking-proof { color: var(--proof); } .other { color: var(--other); }
.verdict { display: inline-block; padding: 0 .5em; border: 1px solid currentColor; border-radius: 1em; font-size: .82rem; white-space: nowrap; }
.verdict.masked, .verdict.partly-masked { color: var(--naive); } .verdict.harder, .verdict.robust, .check.passed { color: var(--good); }
.verdict.broken, .check.failed { color: var(--bad); } .verdict.inconclusive, .check.not-run { color: var(--soft); }
.verdict.reference, .verdict.undecided, .verdict.not-harder, .verdict.mixed { color: var(--soft); }
.warning { border-left: 4px solid var(--bad); padding: .2rem 1rem; margin: 1rem 0; }
.failed { color: var(--bad); }
figure { margin: 1rem 0 1.6rem; break-inside: avoid; }
svg { display: block; width: 100%; height: auto; max-width: 60rem; }
svg text { fill: var(--ink); font: 12px system-ui, "Segoe UI", Roboto, sans-serif; }
svg text.soft { fill: var(--soft); font-size: 11px; } svg text.strong { font-weight: 600; }
svg .axis { stroke: var(--line); stroke-width: 1; fill: none; }
svg .naive { stroke: var(--naive); fill: var(--naive); } svg .masking-proof { stroke: var(--proof); fill: var(--proof); }
svg .other { stroke: var(--other); fill: var(--other); } svg .link { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 3 3; }
svg .whisker { stroke-width: 1.6; fill: none; opacity: .75; } svg .bar { fill: var(--proof); } svg .thick { stroke-width: 7; opacity: .45; }
svg .strip { stroke: var(--proof); fill: var(--proof); }
.gallery { display: flex; flex-wrap: wrap; gap: .4rem 1.6rem; }
.sample { margin: 0 0 .6rem; }
.sample img { width: 56px; height: 56px; image-rendering: pixelated; border: 1px solid var(--line); margin-right: 3px; vertical-align: top; }
pre { background: var(--wash); border: 1px solid var(--line); border-radius: 6px; padding: .9rem; overflow-x: auto; font-size: .8rem; line-height: 1.4; }
code, .hash { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: .92em; }
@media print { main { max-width: none; padding: 0; } body { font-size: 10pt; } .scroll { overflow: visible; }
  pre { white-space: pre-wrap; } h2, h3 { break-after: avoid; } tr, .sample { break-inside: avoid; } table { font-size: 8pt; } }
`);
