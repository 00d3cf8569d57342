// Style sheet and script that the engine report has beside those of every report. Their hashes stand in its policy; a test holds
// them to the text.

/** The style sheet, for light and dark schemes. */
export const ENGINE_STYLE = `body{max-width:1400px;margin:24px auto;padding:0 24px}
.tiles{display:flex;flex-wrap:wrap;gap:12px;margin:16px 0}.tiles div{border:1px solid #dde1e7;border-radius:8px;padding:10px 16px;min-width:110px}
.tiles b{display:block;font-size:20px}.tiles span{color:#5c6470}.chart{width:100%;max-width:900px;height:auto;display:block}
.chart .end{text-anchor:end}.chart .won{--c:#009e73}.chart .lost{--c:#c02b1d}.chart .axis{fill:none;stroke:#aab2be}.chart .dot{fill-opacity:.75}
.legend{display:flex;flex-wrap:wrap;gap:16px}.legend i{display:inline-block;width:12px;height:12px;border-radius:3px;margin-right:6px;background:var(--c)}
.finding{border:1px solid #dde1e7;border-left:4px solid #aab2be;border-radius:6px;padding:6px 12px;margin:8px 0;overflow-wrap:anywhere}
.finding.warning{border-left-color:#e69f00}.finding summary{cursor:pointer}.finding summary span{color:#5c6470}
.part>summary{font-size:18px;font-weight:600;margin:24px 0 8px;cursor:pointer;overflow-wrap:anywhere}
.graph{overflow:auto;max-height:85vh;border:1px solid #dde1e7;border-radius:8px}.graph:focus-visible{outline:2px solid #36c}
.wide{max-height:70vh;overflow:auto}td{max-width:36em;overflow:hidden;text-overflow:ellipsis}.tools{margin:8px 0}
@media (prefers-color-scheme:dark){body{background:#131518;color:#e6e9ee}th{background:#23272d}th,td{border-color:#31363e}
.tiles div,.finding,.graph{border-color:#31363e}.tiles span,.finding summary span{color:#9ea7b4}a{color:#a5b4fc}.failed,.error{color:#ff9a8c}.chart .won{--c:#35c998}.chart .lost{--c:#f0705f}}
@media print{.graph,.wide{max-height:none;overflow:visible}.tools{display:none}}`;

/** Filters the table below a field, and scales and recolours the drawing below its buttons. */
export const ENGINE_SCRIPT = `for (const tools of document.querySelectorAll('.tools')) tools.hidden = false;
for (const field of document.querySelectorAll('[data-filter]')) {
  const rows = field.closest('section').querySelector('table').tBodies[0].rows;
  const count = field.closest('p').querySelector('span');
  field.addEventListener('input', () => {
    const words = field.value.toLowerCase().split(/\\s+/).filter((word) => word !== '');
    let shown = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      if (!row.hidden) shown++;
    }
    count.textContent = shown + ' of ' + rows.length;
  });
}
for (const button of document.querySelectorAll('[data-zoom],[data-heat]')) {
  const frame = button.closest('p').nextElementSibling;
  button.addEventListener('click', () => {
    const drawing = frame.querySelector('svg');
    if (button.dataset.zoom === undefined) {
      drawing.classList.toggle('by-heat');
      return;
    }
    const { width, height } = drawing.viewBox.baseVal;
    const now = drawing.width.baseVal.value / width;
    const fit = (frame.clientWidth - 2) / width;
    const scale = button.dataset.zoom === 'fit' ? fit : Math.min(4, Math.max(0.05, now * Number(button.dataset.zoom)));
    drawing.setAttribute('width', width * scale);
    drawing.setAttribute('height', height * scale);
  });
}
`;

/** What the policy calls them: `sha256-` and the hash in base64. */
export const ENGINE_STYLE_HASH = 'sha256-D7cpuU5k6rmAYqOoWqkeJaLC0ZncJJl6ylG8zFmvqxc=';
export const ENGINE_SCRIPT_HASH = 'sha256-Yrf6I1GRKSoeD2RCwlaXSlcOy+OPW1dKCG0GLsGICpg=';
export const DRAWING_STYLE_HASH = 'sha256-evtRlQ3G5ViD2UK3uK1Sy9tAssvE7MjBju9STVIPvuM=';
