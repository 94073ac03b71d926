// Tests of the pages in Chromium: four journeys in both languages, the keyboard, accessibility, phone, no scripts,
// weight, no request that leaves the host. WEIR_ONLY is a part of a test's name, to run one; harness.mjs has the rest.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { start } from './harness.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let passed = 0, failed = 0;
async function test(name, f) {
  if (process.env.WEIR_ONLY && !name.includes(process.env.WEIR_ONLY)) return;
  try {
    await f();
    passed++;
    console.log('ok', name);
  } catch (error) {
    failed++;
    console.log('FAILED', name, '\n ', error.stack ?? error);
  }
}
function expect(truth, what) { if (!truth) throw new Error(what); }

const { work, dir, base, month, signIn, stop } = await start();
async function done(page, what) {
  expect(page.problems.length === 0, `${what}: ${page.problems.join('; ')}`);
  await page.context().close();
}

for (const lang of ['zh', 'en']) {
  const say = (zh, en) => (lang === 'zh' ? zh : en);

  await test(`${lang}: a reviewer goes from the overview to a row and prints`, async () => {
    const page = await signIn('finance', lang);
    let clicks = 0;
    const click = async (selector) => { await page.locator(selector).first().click(); clicks++; await page.waitForLoadState(); };
    await click('.decide a');
    if (!/\/departments\/[^/]+\/[^/]+$/.test(new URL(page.url()).pathname)) await click('.decide a, td a.fig');
    await click('a.button.main');
    expect(page.url().includes('/evidence'), 'not at the rows: ' + page.url());
    expect((await page.locator('tbody tr').count()) > 0, 'no rows');
    expect(clicks <= 4, `${clicks} clicks`);
    const pdf = await page.pdf({ preferCSSPageSize: true });
    expect(pdf.length > 10_000, 'the printed page is empty');
    await page.emulateMedia({ media: 'print' });
    const printed = await page.evaluate(() => ({ menu: getComputedStyle(document.querySelector('.side')).display, rows: document.querySelector('tbody tr').getClientRects().length, head: document.querySelector('h1').textContent }));
    expect(printed.menu === 'none' && printed.rows === 1 && printed.head.length > 3, 'printed: ' + JSON.stringify(printed));
    await page.emulateMedia({ media: 'screen' });
    // The figure above the rows is the closed one, and its parts lead to the definition and the department.
    await page.click('.crumb a');
    expect((await page.locator('.figure-card dd').count()) >= 4, 'the explanation shows no numerator and denominator');
    await page.goto(`${base}/months/${month}/budget`);
    const review = await page.evaluate(() => [document.querySelectorAll('#proposals').length, document.querySelectorAll('figure.chart').length, document.querySelector('h1').textContent]);
    expect(review[0] === 1 && review[1] >= 4, 'the budget review has no proposals or charts: ' + review);
    await done(page, 'reviewer');
  });

  await test(`${lang}: a planner writes, cancels and publishes a notebook`, async () => {
    const page = await signIn('planner', lang);
    const id = `browser_${lang}`;
    await page.goto(base + '/notebooks');
    await page.fill('main [name=id]', id);
    await page.click('main form[action="/notebooks"] button');
    await page.waitForSelector('.cm-content');
    const write = async (text) => {
      await page.click('.cm-content');
      await page.keyboard.press('Control+A');
      await page.keyboard.insertText(text);
    };
    const front = `---\nid: ${id}\ntitle: {zh: 浏览器测试, en: browser test}\ndescription: {zh: 用于测试, en: for a test}\nparams:\n  - {name: least, type: number, default: "1", min: 0, max: 100000, label: {zh: 最少, en: least}}\n---\n## 测试 Test\n\n`;
    await write(front + '```sql name=slow chart=hidden\nSELECT count(*) AS n FROM range(100000000000) AS a(i) WHERE hash(i) = $least\n```\n');
    await page.click('#run');
    await page.waitForSelector('#cancel:not([hidden])');
    await page.waitForTimeout(700);
    await page.click('#cancel');
    await page.waitForFunction((w) => document.getElementById('state').textContent.includes(w), say('已取消', 'canceled'), { timeout: 15000 });
    await write(front + '```sql name=providers\nselect provider_id, count(*) as n from request group by provider_id having count(*) >= $least order by provider_id\n```\n');
    await page.keyboard.press('Control+Enter');
    await page.waitForSelector('#answers table tbody tr', { timeout: 60000 }).catch(async (e) => { throw new Error(`${e.message}: ${await page.textContent('#state')} ${await page.textContent('#problems')}`); });
    expect((await page.locator('#answers .bars').count()) > 0, 'no summary of columns');
    // A chart by its settings, SQL laid out, then only the stale cell runs.
    await page.locator('.answer button.link').click();
    const settings = page.locator('#chart');
    await settings.locator('[name=chart]').selectOption('bar');
    await settings.locator('[name=x]').selectOption('provider_id');
    await settings.locator('[name=y]').fill('n');
    await settings.locator('[name=title]').fill('申请 | requests');
    await settings.locator('[name=unit]').fill('件 | requests');
    await page.click('#format');
    await page.waitForFunction((w) => document.getElementById('state').textContent.includes(w), say('已排版', 'formatted'));
    await page.waitForSelector('#run-stale:not([hidden])', { timeout: 15000 });
    await page.click('#run-stale');
    await page.waitForSelector('#answers figure svg', { timeout: 60000 }).catch(async (e) => { throw new Error(`${e.message}: ${await page.textContent('#state')} ${await page.textContent('#problems')} ${(await page.innerHTML('#answers')).slice(0, 400)} ${(await page.textContent('.cm-content')).slice(-300)}`); });
    expect((await page.locator('.answer.stale').count()) === 0, 'still stale after the run');
    // The form of parameters has the parameter; another value makes the answer stale.
    await page.fill('#params [name="p.least"]', '2');
    await page.keyboard.press('Tab');
    expect((await page.locator('.answer.stale').count()) === 1, 'another value leaves the answer as if it were its own');
    // Completion knows the words of the schema in the reader's language.
    const part = say('申请部', 'requesti');
    await page.click('.cm-content');
    await page.keyboard.press('Control+End');
    await page.keyboard.insertText(part);
    await page.keyboard.press('Control+Space');
    await page.waitForSelector('.cm-tooltip-autocomplete li');
    await page.keyboard.press('Escape');
    for (let i = 0; i < part.length; i++) await page.keyboard.press('Backspace');
    await page.waitForTimeout(2000); // the draft saves itself
    await page.click('#publish button');
    await page.waitForLoadState();
    await page.click('form:has([name=confirm]) button');
    await page.waitForLoadState();
    expect(page.url().includes(`/notebooks/${id}`), 'not published: ' + page.url() + ' ' + (await page.textContent('main')).slice(0, 300));
    expect((await page.locator('figure.chart').count()) > 0, 'the published notebook shows no chart');
    const file = readFileSync(path.join(dir, 'notebooks', id + '.md'), 'utf8');
    const expected = front + '```sql name=providers chart=bar x=provider_id y=n title="申请 | requests" unit="件 | requests"\nselect\n  provider_id,\n  count(*) as n\nfrom\n  request\ngroup by\n  provider_id\nhaving\n  count(*) >= $least\norder by\n  provider_id\n```\n';
    expect(file === expected, 'the file is not the exact text:\n' + file);
    // A second window meets a newer draft, and nothing is lost unseen.
    await page.goto(`${base}/notebooks/${id}/edit`);
    const other = await page.context().newPage();
    await other.goto(`${base}/notebooks/${id}/edit`);
    for (const window of [other, page]) {
      await window.bringToFront();
      await window.click('.cm-content');
      await window.keyboard.press('Control+End');
      await window.keyboard.insertText(window === page ? 'mine' : 'theirs');
      await window.waitForTimeout(2000);
    }
    expect(await page.locator('#conflict').isVisible(), 'the conflict is not shown');
    await page.click('#take');
    await page.waitForFunction(() => document.querySelector('.cm-content').textContent.includes('theirs') && !document.querySelector('.cm-content').textContent.includes('mine'));
    await page.click('form[action$="/discard"] button');
    await page.waitForLoadState();
    await page.goto(`${base}/notebooks/${id}/history`);
    expect((await page.locator('tbody tr').count()) === 1, 'the history does not have the version');
    await done(page, 'planner');
  });

  await test(`${lang}: an operator repairs a broken file and closes the month`, async () => {
    const page = await signIn('operator', lang);
    const file = path.join(work, `department_alias-${lang}.csv`);
    writeFileSync(file, `name,department_id,valid_from\n测试局-${lang},MZ,2020-01-01\n另一局-${lang},MZ,not-a-day\n`);
    await page.goto(base + '/loads');
    await page.selectOption('[name=table]', 'department_alias');
    await page.setInputFiles('[name=file]', file);
    await page.click('#upload button');
    await page.waitForSelector('.tag.better, .tag.worse', { timeout: 30000 });
    expect((await page.textContent('main')).includes('"rows_quarantined": 1'), 'not quarantined: ' + (await page.textContent('main')));
    await page.click('.note.caution a');
    await page.waitForSelector('textarea');
    const row = page.locator('textarea').first();
    await row.fill((await row.inputValue()).replace('not-a-day', '2021-01-01'));
    await page.locator('input[type=checkbox]').first().check();
    await page.locator('main form button.main').click();
    await page.waitForSelector('.tag.better, .tag.worse', { timeout: 30000 });
    expect((await page.textContent('main')).includes('"rows_loaded": 1'), 'not repaired: ' + (await page.textContent('main')));
    await page.goto(base + '/months');
    await page.fill('[name=month]', month);
    await page.click('main form button.main');
    await page.waitForSelector('.tag.better, .tag.worse', { timeout: 120000 });
    expect((await page.locator('#result a').count()) >= 2, 'not closed: ' + (await page.textContent('main')));
    await done(page, 'operator');
  });

  await test(`${lang}: a department objects and sees only its own`, async () => {
    const page = await signIn('department', lang);
    await page.goto(`${base}/months/${month}/departments/MZ`);
    await page.locator('#objections a.button').click();
    const reason = say('本部门数据有误，请核对明细', 'Our figure is wrong; please check the rows');
    await page.fill('[name=text]', reason);
    await page.setInputFiles('[name=file]', { name: say('凭证.txt', 'proof.txt'), mimeType: 'text/plain', buffer: Buffer.from('proof') });
    await page.click('main form button.main');
    await page.waitForLoadState();
    expect(/\/objections\/\d+$/.test(page.url()), 'not filed: ' + page.url());
    expect((await page.locator('.letters a').count()) === 1, 'the attachment is lost');
    const letter = page.url();
    const judge = await signIn('finance', lang);
    await judge.goto(`${base}/months/${month}`);
    await judge.locator('.decide a[href^="/objections"]').first().click();
    await judge.waitForLoadState();
    await judge.goto(letter);
    expect((await judge.textContent('main')).includes(reason), 'the reason does not arrive');
    await judge.fill('[name=text]', say('已核对明细，数据无误', 'The rows were checked and are right'));
    await judge.click('button[value=rejected]');
    await judge.waitForLoadState();
    await done(judge, 'judge');
    await page.reload();
    expect((await page.locator('.letters li.rejected').count()) === 1, 'the answer does not arrive');
    await page.goto(`${base}/months/${month}`);
    const seen = await page.evaluate(() => [...document.querySelectorAll('a[href*="/departments/"]')].map((a) => /departments\/([^/?#]+)/.exec(a.getAttribute('href'))[1]).filter((d) => d !== 'MZ'));
    expect(seen.length === 0, 'figures of others are shown: ' + seen.join());
    for (const closed of ['/loads', '/users', '/notebooks', `/months/${month}/departments/GA/reply_on_time_rate/evidence`]) expect((await page.goto(base + closed)).status() === 403, closed + ' is open');
    const other = await page.goto(`${base}/months/${month}/departments/GA`);
    expect(other.status() === 403, 'another department is shown');
    expect((await page.textContent('main')).includes('department.read'), 'the rule is not named');
    await done(page, 'department');
  });
}

await test('the keyboard alone leads from signing in to an evidence row, and the focus is always seen', async () => {
  const page = await signIn('finance', 'zh');
  await page.goto(`${base}/months/${month}`);
  const at = () => page.evaluate(() => {
    const e = document.activeElement, style = getComputedStyle(e), box = e.getBoundingClientRect();
    return { text: e.textContent.trim().slice(0, 40), href: e.getAttribute('href') ?? '', decide: !!e.closest('.decide'), seen: e.matches(':focus-visible') && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 && box.width > 0 && box.right > 0 };
  });
  // tab goes on until the focus is where it is wanted; each stop on the way must show itself.
  const tab = async (wanted, what) => {
    for (let i = 0; i < 80; i++) {
      await page.keyboard.press('Tab');
      const here = await at();
      expect(here.seen, `the focus is not seen on “${here.text}”`);
      if (wanted(here)) return;
    }
    throw new Error('not reached: ' + what);
  };
  await page.keyboard.press('Tab');
  expect((await at()).href === '#main', 'the first stop does not skip to the content');
  await page.keyboard.press('Enter');
  await tab((e) => e.decide, 'a decision');
  await page.keyboard.press('Enter');
  await page.waitForURL(/departments/);
  await tab((e) => e.href.endsWith('/evidence'), 'the rows');
  await page.keyboard.press('Enter');
  await page.waitForURL(/evidence/);
  expect((await page.locator('tbody tr').count()) > 0, 'no rows');
  await page.locator('#month-pick summary').focus();
  await page.keyboard.press('Enter');
  expect(await page.locator('#month-pick').evaluate((d) => d.open), 'the list of months does not open');
  await page.keyboard.press('Escape');
  expect(!(await page.locator('#month-pick').evaluate((d) => d.open)), 'the list of months does not close');
  await page.goto(`${base}/months/${month}/indicators/reply_on_time_rate`);
  await page.locator('section > .scroll button.sort').first().focus();
  await page.keyboard.press('Enter');
  expect((await page.locator('th[aria-sort=ascending]').count()) === 1, 'a table is not sorted by the keyboard');
  await done(page, 'keyboard');
});

await test('keys that an input method takes are no shortcuts', async () => {
  const page = await signIn('planner', 'zh');
  let runs = 0;
  page.on('request', (r) => { if (r.url().endsWith('/run')) runs++; });
  await page.goto(base + '/notebooks/silos/edit');
  await page.click('.cm-content');
  const session = await page.context().newCDPSession(page);
  await session.send('Input.imeSetComposition', { text: 'shuju', selectionStart: 5, selectionEnd: 5 });
  await page.evaluate(() => document.querySelector('.cm-content').dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', code: 'Enter', ctrlKey: true, isComposing: true, bubbles: true, cancelable: true })));
  await page.waitForTimeout(500);
  expect(runs === 0, 'a key of the input method ran the notebook');
  await session.send('Input.insertText', { text: '数据' });
  expect((await page.textContent('.cm-content')).includes('数据'), 'the word did not arrive');
  await page.context().close();
});

await test('without scripts the pages can be read', async () => {
  const page = await signIn('finance', 'zh', undefined, { javaScriptEnabled: false });
  await page.goto(`${base}/months/${month}`);
  expect((await page.locator('table.heat td a').count()) > 100 && (await page.locator('figure.chart svg').count()) > 0, 'the overview is empty');
  await page.goto(`${base}/months/${month}/requests`);
  await page.check('[name=late]');
  await page.click('main form button');
  await page.waitForLoadState();
  expect(page.url().includes('late=1') && (await page.locator('tr.late').count()) > 0, 'the filter does not work');
  await page.context().close();
});

await test('a page weighs less than 300 kB before charts', async () => {
  for (const [user, paths] of [['finance', [`/months/${month}`, `/months/${month}/departments/MZ`, `/months/${month}/indicators/reply_on_time_rate`, `/months/${month}/departments/MZ/reply_on_time_rate/evidence`, `/months/${month}/requests`, `/months/${month}/datasets`, '/codebook']], ['planner', ['/notebooks/silos', '/notebooks/silos/edit']], ['operator', ['/loads', '/quarantine']]]) {
    for (const where of paths) {
      const page = await signIn(user, 'zh'); // with an empty cache
      const session = await page.context().newCDPSession(page);
      await page.goto('about:blank'); // what the page after signing in still loads is not counted
      await session.send('Network.enable');
      await session.send('Network.clearBrowserCache');
      let bytes = 0;
      const charts = new Set(), parts = [];
      session.on('Network.requestWillBeSent', (e) => { if (/\/(echarts|figure)[.-][^/]*js/.test(e.request.url)) charts.add(e.requestId); });
      session.on('Network.loadingFinished', (e) => { if (!charts.has(e.requestId)) { bytes += e.encodedDataLength; parts.push(e.encodedDataLength); } });
      await page.goto(base + where);
      await page.waitForTimeout(600);
      expect(bytes > 2000 && bytes < 300_000, `${where} weighs ${bytes} bytes: ${parts}`);
      await page.context().close();
    }
  }
});

await test('axe-core finds no serious fault on the main pages', async () => {
  const found = [];
  for (const [user, paths] of [
    ['finance', [`/months/${month}`, `/months/${month}/departments/MZ`, `/months/${month}/indicators/reply_on_time_rate`, `/months/${month}/departments/MZ/reply_on_time_rate`, `/months/${month}/departments/MZ/reply_on_time_rate/evidence`, `/months/${month}/flows`, `/months/${month}/requests`, `/months/${month}/budget`, `/months/${month}/datasets`, `/months/${month}/resources/MZ-R001`, `/months/${month}/reports`, `/months/${month}/revisions/1`, '/codebook', '/codebook/tables/request', '/objections', '/objections/1', '/months', '/account', '/users']],
    ['operator', ['/loads', '/quarantine', '/jobs', '/jobs/1']], ['department', [`/objections/new?month=${month}&department=MZ`]], ['planner', ['/notebooks', '/notebooks/silos?run=1', '/notebooks/silos/edit', '/notebooks/silos/history']], ['admin', ['/users', '/audit']],
  ]) {
    const page = await signIn(user, 'zh');
    for (const where of paths) {
      await page.goto(base + where);
      await page.waitForTimeout(300);
      // The content policy forbids foreign scripts to pages, not to the tester.
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => axe.run({ exclude: ['.cm-scroller'] }, { // its text takes the focus itself
        resultTypes: ['violations'] }));
      for (const v of violations) if (v.impact === 'serious' || v.impact === 'critical') found.push(`${where}: ${v.id} ${v.nodes.length}× ${v.nodes[0].html.slice(0, 120)}`);
    }
    await page.context().close();
  }
  expect(found.length === 0, found.join('\n  '));
});

await test('a phone shows every main page without sideways scrolling', async () => {
  for (const [user, paths] of [['finance', [`/months/${month}`, `/months/${month}/departments/MZ`, `/months/${month}/flows`, `/months/${month}/requests`, `/months/${month}/budget`, `/months/${month}/departments/MZ/reply_on_time_rate`, '/codebook']], ['planner', ['/notebooks/silos/edit']], ['operator', ['/loads', '/quarantine', '/months']], ['admin', ['/users', '/audit']]]) {
    const page = await signIn(user, 'en', { width: 390, height: 844 });
    for (const where of paths) {
      await page.goto(base + where);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(wide <= 0, `${where} is ${wide} px too wide`);
    }
    await page.context().close();
  }
});

await stop();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
