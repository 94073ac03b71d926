// A service on a demo workspace of its own, and a Chromium, for the tests of the pages and for the pictures of the
// documentation. WEIR_BIN names the program (default bin/weir), WEIR_DEMO a demo workspace to copy (default: a new one).
import { chromium } from 'playwright-core';
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const weir = process.env.WEIR_BIN ?? path.join(root, 'bin', 'weir');
const browserPath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
if (!browserPath) throw new Error('no Chromium; on Debian: apt-get install chromium');

export async function start() {
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

  // signIn opens a page as one of the demo's users; page.problems gathers what must not happen on it.
  async function signIn(user, lang, viewport = { width: 1366, height: 900 }, more = {}) {
    const context = await browser.newContext({ viewport, acceptDownloads: true, ...more });
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
  const first = await signIn('finance', 'zh');
  const month = first.url().match(/\d{4}-\d{2}/)[0];
  await first.context().close();

  async function stop() {
    await browser.close();
    service.removeAllListeners('exit');
    const ended = new Promise((done) => service.on('exit', done));
    service.kill('SIGTERM');
    await ended;
    rmSync(work, { recursive: true, force: true });
  }
  return { work, dir, base, month, signIn, stop };
}
