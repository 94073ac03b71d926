// What every page adds where scripts run: sortable tables, jobs that refresh themselves, parts that open when a link
// leads into them. Without it everything is readable and usable all the same.

const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
export const zh = document.documentElement.lang.startsWith('zh');

function sortable(table: HTMLTableElement): void {
  const heads = Array.from(table.querySelectorAll<HTMLTableCellElement>('thead tr:last-child th'));
  const body = table.tBodies[0];
  if (!body || body.rows.length < 3 || table.querySelector('tbody [rowspan]')) return;
  const rows = Array.from(body.rows);
  heads.forEach((head, column) => {
    const text = head.textContent?.trim();
    if (!text || head.querySelector('.away')) return;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'sort';
    button.setAttribute('aria-label', (zh ? '排序：' : 'sort by ') + text);
    head.append(button);
    button.addEventListener('click', () => {
      const up = head.getAttribute('aria-sort') !== 'ascending';
      heads.forEach((h) => h.removeAttribute('aria-sort'));
      head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
      const keyed = rows.map((row, place) => {
        const cell = row.cells[column];
        const raw = cell?.dataset.v ?? cell?.textContent?.trim() ?? '';
        const number = Number(raw.replace(/[,%\s]/g, '').replace('−', '-').replace(/^[▲▼+]+/, ''));
        return { row, place, none: raw === '' || raw === '—' || !!cell?.querySelector('.none'), number, text: raw };
      });
      const numeric = keyed.every((k) => k.none || !Number.isNaN(k.number));
      keyed.sort((a, b) => {
        if (a.none !== b.none) return a.none ? 1 : -1;
        const order = a.none ? 0 : numeric ? a.number - b.number : collator.compare(a.text, b.text);
        return (up ? order : -order) || a.place - b.place;
      });
      body.append(...keyed.map((k) => k.row));
    });
  });
}

// reveal opens the closed part into which a link leads.
function reveal(): void {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let node: Element | null = target || null; node; node = node.parentElement) {
    if (node instanceof HTMLDetailsElement) node.open = true;
  }
}

// poll asks for a job until it is over and shows the page anew then.
async function poll(box: HTMLElement): Promise<void> {
  for (let wait = 500; ; wait = Math.min(wait * 1.5, 5000)) {
    await new Promise((done) => setTimeout(done, wait));
    try {
      const answer = await fetch(box.dataset.poll!, { headers: { Accept: 'application/json' } });
      if (!answer.ok) return;
      const job = (await answer.json()) as { state: string };
      if (job.state !== 'queued' && job.state !== 'running') {
        location.reload();
        return;
      }
    } catch {
      return; // the service is away; the page has a link to reload
    }
  }
}

// pick closes the list of months when something else is chosen.
function closing(details: HTMLDetailsElement): void {
  document.addEventListener('click', (e) => {
    if (details.open && !details.contains(e.target as Node)) details.open = false;
  });
  details.addEventListener('keydown', (e) => {
    if (e.key === 'Escape') {
      details.open = false;
      details.querySelector('summary')?.focus();
    }
  });
}

document.querySelectorAll<HTMLTableElement>('table[data-sort]').forEach(sortable);
document.querySelectorAll<HTMLElement>('[data-poll]').forEach((box) => void poll(box));
document.querySelectorAll<HTMLDetailsElement>('details.pick').forEach(closing);
addEventListener('hashchange', reveal);
reveal();

// A form is sent once, however often its button is pressed.
document.querySelectorAll('form').forEach((form) => {
  form.addEventListener('submit', (e) => {
    if (form.method !== 'post') return;
    if (form.dataset.sent) e.preventDefault();
    form.dataset.sent = '1';
    addEventListener('pageshow', () => delete form.dataset.sent, { once: true });
  });
});
