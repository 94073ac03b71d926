import { chromium } from 'playwright-core';
import { readFile } from 'node:fs/promises';
const acc = Object.fromEntries((await readFile('/tmp/srv/acc.txt','utf8')).split('\n').filter(l=>l.includes('Weir-')).map(l=>l.trim().split(/\s+/)).map(a=>[a[0],a[1]]));
const [,, who, lang, size, ...paths] = process.argv;
const b = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--headless','--no-sandbox','--disable-gpu','--disable-background-networking','--disable-component-update','--disable-sync','--no-first-run'] });
const [w,h] = size.split('x').map(Number);
const ctx = await b.newContext({ viewport: { width: w, height: h }, deviceScaleFactor: 1 });
const p = await ctx.newPage();
p.on('console', m => { if (m.type()==='error'||m.type()==='warning') console.log('CONSOLE', p.url(), m.text()); });
p.on('pageerror', e => console.log('PAGEERROR', p.url(), e.message));
await p.goto('http://127.0.0.1:8020/login?lang='+lang);
await p.fill('[name=user]', who); await p.fill('[name=password]', acc[who]); await p.click('button.main');
await p.waitForLoadState();
for (const path of paths) {
  await p.goto('http://127.0.0.1:8020'+path); await p.waitForTimeout(500);
  const overflow = await p.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (overflow > 0) console.log('OVERFLOW', path, overflow);
  const name = `/tmp/srv/shot-${who}-${lang}-${w}-${path.replace(/[^a-z0-9]+/gi,'_').slice(0,60)}.png`;
  await p.screenshot({ path: name, fullPage: process.env.FULL !== '0', clip: undefined });
  console.log(name);
}
await b.close();
