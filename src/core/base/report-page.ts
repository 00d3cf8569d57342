// Style sheet and script of the HTML report. Their hashes stand in its policy; a test holds them to the text.

/** The style sheet. */
export const REPORT_STYLE = `body{font:14px system-ui,sans-serif;margin:24px;color:#222;background:#fff}
h1{font-size:20px;overflow-wrap:anywhere}h2{font-size:16px;margin-top:28px}
.wide{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums}
th,td{border:1px solid #ddd;padding:2px 6px;text-align:left;white-space:nowrap}
th{background:#f4f4f4;position:sticky;top:0}th button{all:unset;cursor:pointer}th button:focus-visible{outline:2px solid #36c}
th[aria-sort=ascending] button::after{content:' ▲'}th[aria-sort=descending] button::after{content:' ▼'}
.number{text-align:right}.verdict{font-weight:600}.failed,.error{color:#a11}.exact,.within{color:#161}
figure{margin:12px 0}figcaption{overflow-wrap:anywhere}`;

/** Sorts a table by the column whose heading is clicked, numbers by value, empty cells last. */
export const REPORT_SCRIPT = `for (const head of document.querySelectorAll('th')) {
  head.addEventListener('click', () => {
    const up = head.getAttribute('aria-sort') !== 'ascending';
    for (const other of head.parentElement.children) other.removeAttribute('aria-sort');
    head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
    const body = head.closest('table').tBodies[0];
    const column = head.cellIndex;
    const compare = (a, b) => {
      const [x, y] = [a.cells[column], b.cells[column]];
      const isEmpty = [x, y].map((cell) => cell.textContent === '');
      if (isEmpty[0] || isEmpty[1]) return isEmpty[0] - isEmpty[1];
      const [p, q] = [x.dataset.value, y.dataset.value];
      const order = p === undefined || q === undefined
        ? x.textContent.localeCompare(y.textContent)
        : Number(p) < Number(q) ? -1 : Number(p) > Number(q) ? 1 : 0;
      return up ? order : -order;
    };
    body.append(...[...body.rows].sort(compare));
  });
}
`;

/** What the policy calls the two: `sha256-` and the hash in base64. */
export const REPORT_STYLE_HASH = 'sha256-goyw+7pw1Xu8qhb12LPQlFqxkBC5FgHF0NEbA1w7uH4=';
export const REPORT_SCRIPT_HASH = 'sha256-3vx9tihqkyizM5Ckp+CvghGcWDj+BntrtNw2FN+KXqk=';
