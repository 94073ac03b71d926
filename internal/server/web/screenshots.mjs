// Pictures of the pages for docs/service.md, written to docs/pages: the main ones in Chinese, some in English.
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root, start } from './harness.mjs';

const target = path.join(root, 'docs', 'pages');
const heaviest = 200_000; // bytes
const size = { width: 1200, height: 760 };

const { work, base, month, signIn, stop } = await start();
mkdirSync(target, { recursive: true });
for (const old of readdirSync(target)) if (old.endsWith('.png')) rmSync(path.join(target, old));

async function shoot(page, name, more = {}) {
  await page.evaluate(() => document.activeElement?.blur());
  await page.waitForTimeout(900); // live charts draw themselves
  const file = path.join(target, name + '.png');
  await page.screenshot({ path: file, ...more });
  const bytes = statSync(file).size;
  if (bytes > heaviest) throw new Error(`${name}.png has ${bytes} bytes, more than ${heaviest}`);
  console.log(name, bytes);
}
async function visit(user, lang, shots, viewport = size) {
  const page = await signIn(user, lang, viewport);
  for (const [name, where, anchor] of shots) {
    await page.goto(base + where);
    if (anchor) await page.locator(anchor).evaluate((e) => scrollTo(0, e.getBoundingClientRect().top + scrollY - 70));
    await shoot(page, name);
  }
  await page.context().close();
}

try {
  const m = `/months/${month}`;
  await visit('finance', 'zh', [
    ['overview', m], ['heat', m, '#heat'], ['department', `${m}/departments/JT`], ['figure', `${m}/departments/JT/reply_on_time_rate`], ['rows', `${m}/departments/JT/reply_on_time_rate/evidence`],
    ['budget', `${m}/budget`], ['monitoring', `${m}/budget`, '#execution'], ['flows', `${m}/flows`, '#matrix'], ['network', `${m}/flows`, '#network'], ['requests', `${m}/requests?late=1`],
  ]);
  await visit('finance', 'en', [['overview-en', m], ['budget-en', `${m}/budget`]]);
  await visit('finance', 'zh', [['phone', m]], { width: 390, height: 780 });
  await visit('admin', 'zh', [['users', '/users']]);

  for (const lang of ['zh', 'en']) {
    const page = await signIn('planner', lang, { width: 1280, height: 800 });
    await page.goto(base + '/notebooks/stuck_requests/edit');
    await page.waitForSelector('.cm-content');
    await page.click('#run');
    await page.waitForSelector('#answers figure svg', { timeout: 120_000 });
    await page.locator('.answer button.link').first().click();
    await shoot(page, lang === 'zh' ? 'notebook' : 'notebook-en');
    await page.context().close();
  }

  const operator = await signIn('operator', 'zh', size);
  const broken = path.join(work, 'department_alias.csv');
  writeFileSync(broken, 'name,department_id,valid_from\n市民政局,MZ,2020-01-01\n民政局（旧）,MZ,二〇一八年\n公安局交警支队,GA-JJ,2019-05-01\n');
  await operator.goto(base + '/loads');
  await operator.selectOption('[name=table]', 'department_alias');
  await operator.setInputFiles('[name=file]', broken);
  await operator.click('#upload button');
  await operator.waitForSelector('.tag.better, .tag.worse', { timeout: 60_000 });
  await shoot(operator, 'load');
  await operator.locator('.note.caution a').first().click();
  await operator.waitForSelector('textarea');
  await shoot(operator, 'quarantine');
  await operator.goto(base + '/months');
  await shoot(operator, 'months');
  await operator.context().close();

  const department = await signIn('department', 'zh', size);
  await department.goto(`${base}/objections/new?month=${month}&department=MZ&indicator=satisfaction`);
  await department.fill('[name=text]', '本月问卷有 3 份填错部门，已附更正说明，请核对后更正。');
  await shoot(department, 'objection');
  await department.goto(`${base}${m}/departments/GA`);
  await shoot(department, 'refused');
  await department.context().close();
} finally {
  await stop();
}
