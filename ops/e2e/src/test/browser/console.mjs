// Every task of the console, at two widths, in both themes: node console.mjs STAGE.json SCREENSHOTS [SCENE]
import {chromium} from 'playwright-core';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {findings} from './checks.mjs';
import {tasks} from './tasks.mjs';

const [stageFile, pictures, only] = process.argv.slice(2);
const stage = JSON.parse(readFileSync(stageFile, 'utf8'));
const browser = await chromium.launch({executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox', '--disable-dev-shm-usage']});
const skipped = (process.env.SKIP || '').split(',');
const troubles = [];

for (const width of [360, 1280]) {
  for (const theme of ['light', 'dark']) {
    const scene = `${width}-${theme}`;
    if (only && only !== scene) {
      continue;
    }
    const context = await browser.newContext({viewport: {width, height: width < 500 ? 780 : 860}, colorScheme: theme, reducedMotion: 'reduce', deviceScaleFactor: 1});
    await context.addInitScript(() => { // tasks look at what keeper told, and may tell more
      window.EventSource = class extends EventSource {
        constructor(path) {
          super(path);
          window.stream = this;
          this.addEventListener('cluster', (event) => {
            this.told = event.data;
          });
        }
      };
    });
    const page = await context.newPage();
    page.setDefaultTimeout(20000);
    const expected = new Set(); // statuses that a task provokes
    page.on('console', (message) => {
      const refused = /status of (\d+)/.exec(message.text());
      if (message.type() === 'error' && !(refused && expected.has(refused[1]))) {
        troubles.push(`${scene}: the browser's console: ${message.text()} ${message.location().url}`);
      }
    });
    page.on('pageerror', (error) => troubles.push(`${scene}: ${error.stack}`));
    const look = async (name) => {
      await page.evaluate(() => window.scrollTo(0, 0));
      await page.screenshot({path: join(pictures, `${name}-${scene}.png`), fullPage: true});
      for (const finding of await findings(page)) {
        troubles.push(`${scene} ${name}: ${finding}`);
      }
    };
    for (const [name, task] of Object.entries(tasks)) {
      if (skipped.includes(name)) {
        continue;
      }
      try {
        await task({page, stage, own: stage.scenes[scene], scene, look, expected});
        console.log(`${scene} ${name}: done`);
      } catch (failure) {
        troubles.push(`${scene} ${name}: ${failure.stack}`);
        console.log(`${scene} ${name}: FAILED ${failure.message}`);
        await page.screenshot({path: join(pictures, `failed-${name}-${scene}.png`)}).catch(() => {});
        for (const dialog of await page.locator('dialog[open]').all()) {
          await dialog.evaluate((one) => one.close());
        }
      }
    }
    await context.close();
  }
}
await browser.close();
if (troubles.length) {
  console.log(`\n${troubles.length} troubles:\n` + troubles.join('\n'));
  process.exit(1);
}
console.log('all fine');
