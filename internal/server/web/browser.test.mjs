// Tests of the pages in Chromium: four journeys in both languages, accessibility of the main pages, no request that
// leaves the host. WEIR_BIN names the program (default bin/weir), WEIR_DEMO a demo workspace to copy (default: a new one).
import { chromium } from 'playwright-core';
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const weir = process.env.WEIR_BIN ?? path.join(root, 'bin', 'weir');
const browserPath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
if (!browserPath) throw new Error('no Chromium; on Debian: apt-get install chromium');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const shots = process.env.WEIR_SHOTS;

let passed = 0, failed = 0;
async function test(name, f) {
  if (process.env.WEIR_ONLY && !name.includes(process.env.WEIR_ONLY)) return; // part of a name, to run one test
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

const work = mkdtempSync(path.join(tmpdir(), 'weir-browser-'));
const dir = path.join(work, 'demo');
if (process.env.WEIR_DEMO) cpSync(process.env.WEIR_DEMO, dir, { recursive: true });
else execFileSync(weir, ['demo', dir], { stdio: 'inherit' });
rmSync(path.join(dir, '.service'), { recursive: true, force: true });
const accounts = Object.fromEntries(JSON.parse(execFileSync(weir, ['--dir', dir, '--format', 'json', 'user', 'demo'])).map((a) => [a.user, a.password]));
const service = spawn(weir, ['--dir', dir, 'serve', '--addr', '127.0.0.1:0'], { stdio: ['ignore', 'ignore', 'pipe'] });
const base = await new Promise((done, fail) => {
  let text = '';
  service.stderr.on('data', (b) => {
    text += b;
    const m = /https?:\/\/127\.0\.0\.1:\d+/.exec(text);
    if (m) done(m[0]);
  });
  service.on('exit', () => fail(new Error('the service ended: ' + text)));
});
service.stderr.resume();
const browser = await chromium.launch({ executablePath: browserPath, args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'] });

async function signIn(user, lang, viewport = { width: 1366, height: 900 }) {
  const context = await browser.newContext({ viewport, acceptDownloads: true });
  const page = await context.newPage();
  page.problems = [];
  page.on('console', (m) => { if (m.type() === 'error' && !/status of (4|5)\d\d/.test(m.text())) page.problems.push(m.text()); });
  page.on('pageerror', (e) => page.problems.push(e.message));
  page.on('request', (r) => { if (!r.url().startsWith(base) && !/^(data|blob|about):/.test(r.url())) page.problems.push('left the host: ' + r.url()); });
  await page.goto(`${base}/login?lang=${lang}`);
  await page.fill('[name=user]', user);
  await page.fill('[name=password]', accounts[user]);
  await page.click('main button');
  await page.waitForLoadState();
  return page;
}
async function done(page, what) {
  expect(page.problems.length === 0, `${what}: ${page.problems.join('; ')}`);
  await page.context().close();
}
const month = (await (async () => { const p = await signIn('finance', 'zh'); const u = p.url(); await p.context().close(); return u; })()).match(/\d{4}-\d{2}/)[0];

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
    await write(front + '```sql name=providers chart=bar x=provider_id y=n title="申请 | requests" unit="件 | requests"\nSELECT provider_id, count(*) AS n FROM request GROUP BY provider_id HAVING count(*) >= $least ORDER BY provider_id\n```\n');
    await page.keyboard.press('Control+Enter');
    await page.waitForSelector('#answers table tbody tr', { timeout: 60000 }).catch(async (e) => { throw new Error(`${e.message}: ${await page.textContent('#state')} ${await page.textContent('#problems')}`); });
    await page.waitForFunction((w) => document.getElementById('state').textContent.length > 0 && !document.getElementById('state').textContent.includes(w), say('运行中', 'running'));
    await page.waitForTimeout(2000); // the draft saves itself
    await page.click('#publish button');
    await page.waitForLoadState();
    await page.click('form:has([name=confirm]) button');
    await page.waitForLoadState();
    expect(page.url().includes(`/notebooks/${id}`), 'not published: ' + page.url() + ' ' + (await page.textContent('main')).slice(0, 300));
    expect((await page.locator('figure.chart').count()) > 0, 'the published notebook shows no chart');
    expect(readFileSync(path.join(dir, 'notebooks', id + '.md'), 'utf8').startsWith(front), 'the file is not the exact text');
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
    expect((await page.textContent('#result')).includes('"rows_quarantined": 1'), 'not quarantined: ' + (await page.textContent('main')));
    await page.goto(base + '/loads');
    await page.locator('td a.worse').first().click();
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
    expect((await page.textContent('#result')).includes('"revision"'), 'not closed: ' + (await page.textContent('main')));
    await done(page, 'operator');
  });

  await test(`${lang}: a department objects and sees only its own`, async () => {
    const page = await signIn('department', lang);
    await page.goto(`${base}/months/${month}/departments/MZ`);
    await page.locator('#objections a.button').click();
    await page.fill('[name=text]', say('本部门数据有误，请核对明细', 'Our figure is wrong; please check the rows'));
    await page.click('main form button.main');
    await page.waitForLoadState();
    expect(/\/objections\/\d+$/.test(page.url()), 'not filed: ' + page.url());
    const other = await page.goto(`${base}/months/${month}/departments/GA`);
    expect(other.status() === 403, 'another department is shown');
    expect((await page.textContent('main')).includes('department.read'), 'the rule is not named');
    await done(page, 'department');
  });
}

await test('axe-core finds no serious fault on the main pages', async () => {
  const found = [];
  for (const [user, paths] of [
    ['finance', [`/months/${month}`, `/months/${month}/departments/MZ`, `/months/${month}/indicators/reply_on_time_rate`, `/months/${month}/departments/MZ/reply_on_time_rate`, `/months/${month}/departments/MZ/reply_on_time_rate/evidence`, `/months/${month}/flows`, `/months/${month}/requests`, `/months/${month}/budget`, '/codebook', '/objections', '/months', '/account']],
    ['operator', ['/loads', '/quarantine', '/jobs']], ['planner', ['/notebooks', '/notebooks/silos?run=1', '/notebooks/silos/edit']], ['admin', ['/users', '/audit']],
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
  for (const [user, paths] of [['finance', [`/months/${month}`, `/months/${month}/departments/MZ`, `/months/${month}/flows`, `/months/${month}/requests`, '/codebook']], ['operator', ['/loads', '/quarantine']], ['admin', ['/users', '/audit']]]) {
    const page = await signIn(user, 'en', { width: 390, height: 844 });
    for (const where of paths) {
      await page.goto(base + where);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(wide <= 0, `${where} is ${wide} px too wide`);
      if (shots) {
        mkdirSync(shots, { recursive: true });
        await page.screenshot({ path: path.join(shots, `phone-${where.replace(/\W+/g, '_')}.png`) });
      }
    }
    await page.context().close();
  }
});

await browser.close();
service.kill('SIGTERM');
await new Promise((ended) => service.on('exit', ended));
rmSync(work, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
