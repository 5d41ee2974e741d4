/**
 * How long a person waits for the charts of a finished run, in a real browser: first chart, all charts, and zooming.
 *
 *     STAY=1 benchmarks/history-load.sh DIRECTORY          in one terminal, until it says SERVING
 *     node benchmarks/history-browser.cjs http://127.0.0.1:PORT [RUN ...]
 *
 * Needs playwright-core (`npm install --prefix /tmp/pw playwright-core`, NODE_PATH=/tmp/pw/node_modules) and Chromium
 * (CHROMIUM, default /usr/bin/chromium). ROUNDS (default 7) of each; prints medians and the slowest in milliseconds.
 * Opening is timed from the navigation of a fresh page with an empty cache to the next paint after a chart has data;
 * zooming from the release of the mouse to the paint after exact data of the range are drawn in loss, heat map and cost.
 */
const { chromium } = require('playwright-core');

const [url, ...named] = process.argv.slice(2);
if (!url) {
  console.error('Usage: node history-browser.cjs URL [RUN ...]');
  process.exit(2);
}
const rounds = Number(process.env.ROUNDS ?? 7);
const CHARTS = ['chart-gradient-flow', 'chart-loss', 'chart-heatmap', 'chart-update-ratio', 'chart-cost'];
const ZOOMED = ['chart-loss', 'chart-heatmap', 'chart-cost'];

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const words = (values) => `${Math.round(median(values))} ms (slowest ${Math.round(Math.max(...values))})`;

/** In the page: the time, from the page's start, at which each chart had been painted with data that reach back to the beginning. */
function watch(charts) {
  const times = {};
  const look = () => {
    for (const id of charts) {
      const area = document.querySelector(`[data-testid="${id}"]`);
      if (!(id in times) && Number(area?.dataset.points ?? 0) > 0) times[id] = -1;
    }
    requestAnimationFrame(() => {
      for (const id of charts) if (times[id] === -1) times[id] = performance.now();
      window.chartTimes = times;
      look();
    });
  };
  look();
}

async function open(browser, run) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 2400 } });
  const page = await context.newPage();
  const answered = [];
  page.on('requestfinished', (request) => /series|heatmap/.test(request.url()) && answered.push(request));
  await page.addInitScript(watch, CHARTS);
  await page.goto(`${url}/#/runs/${encodeURIComponent(run)}`);
  await page.waitForFunction((charts) => charts.every((id) => window.chartTimes?.[id] > 0), CHARTS, { timeout: 30000 });
  const first = await page.evaluate(() => Math.min(...Object.values(window.chartTimes)));
  // whole history, too: the older part came and was painted
  await page.waitForFunction(() => window.wholeAt > 0 || (performance.getEntriesByType('resource').filter((e) => /series|heatmap/.test(e.name) && e.responseEnd > 0).length >= 3 && (requestAnimationFrame(() => requestAnimationFrame(() => (window.wholeAt ??= performance.now()))), false)), null, { timeout: 30000 });
  const all = await page.evaluate(() => Math.max(window.wholeAt, ...Object.values(window.chartTimes)));
  return { page, context, first, all };
}

/** Drags across the loss chart; gives the time from the release to the paint of exact data. */
async function zoom(page, from, to) {
  const box = await page.locator('[data-testid="chart-loss"]').boundingBox();
  const left = box.x + 56;
  const width = box.width - 72;
  await page.mouse.move(left + from * width, box.y + 80);
  await page.mouse.down();
  await page.mouse.move(left + ((from + to) / 2) * width, box.y + 90);
  await page.mouse.move(left + to * width, box.y + 90);
  await page.evaluate((ids) => {
    window.zoomDone = 0;
    const areas = ids.map((id) => document.querySelector(`[data-testid="${id}"]`));
    const before = areas.map((area) => area.dataset.range);
    document.addEventListener('pointerup', () => (window.zoomStart = performance.now()), { capture: true, once: true });
    const look = () => {
      if (areas.every((area, i) => area.dataset.range && area.dataset.range !== before[i])) requestAnimationFrame(() => (window.zoomDone = performance.now()));
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }, ZOOMED);
  await page.mouse.up();
  await page.waitForFunction(() => window.zoomDone > 0, null, { timeout: 30000 });
  return page.evaluate(() => window.zoomDone - window.zoomStart);
}

(async () => {
  const runs = named.length > 0 ? named : (await (await fetch(`${url}/api/v1/runs`)).json()).items.map(({ id }) => id);
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
  for (const run of runs) {
    const times = { first: [], all: [], half: [], tenth: [], hundredth: [] };
    for (let round = 0; round < rounds; round++) {
      const { page, context, first, all } = await open(browser, run);
      times.first.push(first);
      times.all.push(all);
      for (const [name, share] of [['half', 0.5], ['tenth', 0.1], ['hundredth', 0.02]]) {
        const from = 0.1 + (0.3 * round) / rounds;
        times[name].push(await zoom(page, from, from + share));
        await page.locator('[data-testid="zoom-reset"]').click();
        await page.waitForFunction(() => !document.querySelector('[data-range]'));
      }
      await context.close();
    }
    console.log(`${run}: first chart ${words(times.first)}, all charts ${words(times.all)}; zoom to 50 % ${words(times.half)}, to 10 % ${words(times.tenth)}, to 2 % ${words(times.hundredth)}`);
  }
  await browser.close();
})();
