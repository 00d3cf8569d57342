/**
 * Style of the drawing of an engine: colours by class, so that the reader's light or dark scheme decides. The palette is that of the
 * page (Okabe and Ito's, which people with any kind of colour vision can tell apart).
 */
export const DRAWING_STYLE = `.engine{--ink:#1b1e23;--soft:#5c6470;--paper:#fff;--box:#f6f7f9;--rule:#aab2be;--hatching:#8b95a5;--h0:#e3e8ee;--h1:#fdf0c4;--h2:#fbd580;--h3:#f9b455;--h4:#f08a4b;--h5:#dd6a62;--int8:#009e73;--fp8:#56b4e9;--int4:#cc79a7;--fp16:#e69f00;--bf16:#cdbf00;--fp32:#d55e00;--other:#aab2be;--alarm:#c02b1d;background:var(--paper);font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',Ubuntu,sans-serif}
@media (prefers-color-scheme:dark){.engine{--ink:#e6e9ee;--soft:#9ea7b4;--paper:#131518;--box:#23272d;--rule:#5a6370;--hatching:#8b95a5;--h0:#2b3037;--h1:#5b4a12;--h2:#7d5a10;--h3:#9a5b14;--h4:#ad4f1c;--h5:#b5382f;--other:#8b95a5;--alarm:#f0705f}}
.engine .paper{fill:var(--paper)}.engine text{fill:var(--ink);font-size:11px}.engine .head{font-size:18px;font-weight:600}
.engine .type{font-size:12.5px;font-weight:600}.engine .soft{fill:var(--soft)}.engine .tag{font-size:10px;fill:var(--soft)}
.engine .sign{font-size:10.5px;font-weight:600;text-anchor:end}.engine .time{font-weight:600}.engine .mid{text-anchor:middle}
.engine .box{fill:var(--box);stroke:var(--rule);stroke-width:1}.engine .io{fill:none;stroke:var(--rule);stroke-dasharray:4 3}
.engine .copy{fill:url(#hatch);stroke:var(--rule);stroke-dasharray:4 2}.engine .alarm{stroke:var(--alarm);stroke-width:1.8;stroke-dasharray:none}
.engine .stroke{stroke:var(--hatching);stroke-width:1}.engine .int8{--c:var(--int8)}.engine .fp8{--c:var(--fp8)}.engine .int4{--c:var(--int4)}
.engine .fp16{--c:var(--fp16)}.engine .bf16{--c:var(--bf16)}.engine .fp32{--c:var(--fp32)}.engine .other{--c:var(--other)}
.engine .tint{fill:var(--c);fill-opacity:.17}.engine .band{fill:var(--c)}.engine .edge{fill:none;stroke:var(--c);stroke-width:1.8;stroke-linejoin:round}
.engine .arrow{fill:var(--c)}.engine .label{font-size:9.5px}.engine .plate{fill:var(--paper);fill-opacity:.88}
.engine .bar{fill:var(--ink);fill-opacity:.55}.engine .track{fill:var(--rule);fill-opacity:.35}
.engine .heat{display:none}.engine.by-heat .heat{display:inline}.engine.by-heat .tint{display:none}.engine.by-heat g[class] .soft,.engine.by-heat .tag{fill:var(--ink)}
.engine .heat0{fill:var(--h0)}.engine .heat1{fill:var(--h1)}.engine .heat2{fill:var(--h2)}.engine .heat3{fill:var(--h3)}.engine .heat4{fill:var(--h4)}.engine .heat5{fill:var(--h5)}
`;
