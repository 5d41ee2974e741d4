/**
 * What the run page costs the browser's main thread while a run of 38 layers and 37 batch-normalisation layers is live, and what it keeps in memory.
 *
 *     NODE_PATH=… node benchmarks/dashboard-cost.cjs [SECONDS] [RATE] [URL]
 *
 * Measures SECONDS (60) in each of four scenes at RATE (10) iterations a second: the page at rest, with the pointer moving across a chart (all
 * charts show the cursor), zoomed to a range, and with scales, smoothing and layers other than usual. Without URL the dashboard's development
 * server is started with a generated run that has 5000 iterations behind it (URL: the address of a live run's page, …/#/runs/ID). Needs
 * playwright-core (NODE_PATH names a folder that holds it), Chromium (CHROMIUM, default /usr/bin/chromium), and ECharts in the local Maven
 * repository. Main-thread time is Chromium's own TaskDuration over the scene, in processor time of that thread, so that other processes count little; perUpdate is the same by a trace of 60 s, in intervals of one update; heap is what is left after a forced collection, every tenth of it.
 * SCENE names one of the scenes to measure alone. Prints one JSON object a scene.
 */
const { spawn } = require('node:child_process');
const { createServer } = require('node:net');
const { loadavg, cpus } = require('node:os');
const { join } = require('node:path');
const { chromium } = require('playwright-core');

const [seconds, rate] = [Number(process.argv[2] ?? 60), Number(process.argv[3] ?? 10)];
const RUN = '20261123-160512-vgg38-bn-resnet-4f2a';
const SAMPLES = 10;
const TRACED_MS = 60_000;

const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const freePort = () => new Promise((done) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => done(port));
  });
});

/** In the page: tasks that took more than 50 ms, and how often the gradient flow was drawn: seldom, and the machine was too busy to say anything. */
function countLongTasks() {
  window.longTasks = [];
  window.drawn = 0;
  const seen = new MutationObserver((changes) => (window.drawn += changes.filter(({ target }) => target.dataset.testid === 'chart-gradient-flow').length));
  addEventListener('DOMContentLoaded', () => seen.observe(document.body, { subtree: true, attributeFilter: ['data-iteration'] }));
  new PerformanceObserver((list) => list.getEntries().forEach(({ duration }) => window.longTasks.push(duration))).observe({ type: 'longtask', buffered: false });
}

async function metrics(session) {
  const { metrics: list } = await session.send('Performance.getMetrics');
  return Object.fromEntries(list.map(({ name, value }) => [name, value]));
}

/**
 * Milliseconds of the main thread in each interval of one update, by a trace of its tasks (processor time of the thread). Tracing costs a little itself.
 */
async function perUpdate(browser, page, act) {
  await browser.startTracing(page, { categories: ['toplevel'] });
  const until = Date.now() + TRACED_MS;
  while (Date.now() < until) await (act ? act(page) : pause(Math.max(1, until - Date.now())));
  const { traceEvents: events } = JSON.parse((await browser.stopTracing()).toString());
  const thread = ({ pid, tid }) => `${pid}:${tid}`;
  const renderers = new Set(events.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(thread));
  const tasks = events.filter((event) => event.ph === 'X' && renderers.has(thread(event)) && event.tdur !== undefined).sort((a, b) => a.ts - b.ts);
  const busiest = [...renderers].map((one) => [one, tasks.filter((task) => thread(task) === one)]).sort(([, a], [, b]) => b.length - a.length)[0][1];
  const interval = 1e6 / rate;
  const work = [];
  const single = [];
  let end = -Infinity;
  for (const { ts, dur, tdur } of busiest) {
    // within another one
    if (ts + dur <= end) continue;
    end = ts + dur;
    if (tdur > 1000) single.push(tdur / 1000);
    const at = Math.floor((ts - busiest[0].ts) / interval);
    work[at] = (work[at] ?? 0) + tdur / 1000;
  }
  // the first interval holds the start of the trace, the last one is cut off
  const sums = Array.from(work, (sum) => sum ?? 0).slice(2, -1).sort((a, b) => a - b);
  single.sort((a, b) => a - b);
  const quantile = (of, q) => Number(of[Math.min(of.length - 1, Math.floor(q * of.length))].toFixed(1));
  const summary = (of) => ({ count: of.length, p50: quantile(of, 0.5), p95: quantile(of, 0.95), most: quantile(of, 1) });
  return { intervals: summary(sums), tasksOver1Ms: { ...summary(single), over16Ms: single.filter((one) => one > 16).length } };
}

const iterationOf = (page) => page.getByTestId('chart-loss').getAttribute('data-iteration').then(Number);

async function measure(browser, name, address, { act = null } = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  const errors = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.addInitScript(countLongTasks);
  await page.goto(address);
  await page.waitForFunction(() => Number(document.querySelector('[data-testid="chart-heatmap"]')?.dataset.points ?? 0) > 0, null, { timeout: 30_000 });
  await page.getByTestId('chart-loss').scrollIntoViewIfNeeded();
  await pause(5000);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const heap = [];
  const collect = async () => {
    await session.send('HeapProfiler.collectGarbage');
    heap.push(Number(((await metrics(session)).JSHeapUsedSize / 1e6).toFixed(1)));
  };
  await collect();
  const before = await metrics(session);
  const [iterationBefore, longBefore, drawnBefore] = [await iterationOf(page), await page.evaluate(() => window.longTasks.length), await page.evaluate(() => window.drawn)];
  const begun = Date.now();
  let [collected, spent] = [0, 0];
  for (let part = 0; part < SAMPLES; part++) {
    const until = begun + ((part + 1) * seconds * 1000) / SAMPLES;
    while (Date.now() < until) await (act ? act(page) : pause(Math.max(1, until - Date.now())));
    // what collecting itself takes is not the page's
    const start = await metrics(session);
    await collect();
    spent += (await metrics(session)).TaskDuration - start.TaskDuration;
    collected++;
  }
  const after = await metrics(session);
  const wall = (Date.now() - begun) / 1000;
  const updates = (await iterationOf(page)) - iterationBefore;
  const long = await page.evaluate((from) => window.longTasks.slice(from), longBefore);
  const drawn = (await page.evaluate(() => window.drawn)) - drawnBefore;
  const work = after.TaskDuration - before.TaskDuration - spent;
  console.log(JSON.stringify({
    scene: name,
    seconds: Number(wall.toFixed(1)),
    updates,
    drawnPerSecond: Number((drawn / wall).toFixed(1)),
    mainThreadMsPerUpdate: Number(((work * 1000) / updates).toFixed(1)),
    perUpdate: await perUpdate(browser, page, act),
    ofOneCore: `${((100 * work) / wall).toFixed(1)} %`,
    scriptMsPerUpdate: Number((((after.ScriptDuration - before.ScriptDuration) * 1000) / updates).toFixed(1)),
    layoutAndStyleMsPerUpdate: Number((((after.LayoutDuration + after.RecalcStyleDuration - before.LayoutDuration - before.RecalcStyleDuration) * 1000) / updates).toFixed(2)),
    longTasks: long.length,
    longestMs: Math.round(Math.max(0, ...long)),
    heapMB: heap,
    domNodes: after.Nodes,
    load: loadavg()[0].toFixed(1),
    errors,
  }));
  await context.close();
}

async function move(page) {
  const box = await page.getByTestId('chart-loss').boundingBox();
  const share = 0.15 + 0.7 * Math.abs(((Date.now() / 4000) % 2) - 1);
  await page.mouse.move(box.x + box.width * share, box.y + 80);
  await pause(50);
}

(async () => {
  let address = process.argv[4];
  let server = null;
  if (!address) {
    const port = await freePort();
    server = spawn(process.execPath, [join(__dirname, '../web-ui/src/test/js/dev-server.mjs'), '--port', String(port), '--rate', String(rate), '--history', '5000'], { stdio: ['ignore', 'ignore', 'inherit'] });
    address = `http://127.0.0.1:${port}/#/runs/${RUN}`;
    for (let i = 0; i < 100 && !(await fetch(address).then(() => true, () => false)); i++) await pause(100);
  }
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
  try {
    console.log(JSON.stringify({ address: address.replace(/:\d+/, ''), rate, processors: cpus().length, model: cpus()[0].model, chromium: browser.version(), node: process.version }));
    const scenes = [
      ['at rest', address],
      ['pointer moving', address, { act: move }],
      ['zoomed', `${address}?zoom=1000-1999`],
      ['other scales, smoothing, one stage', `${address}?scale=loss:log,gradient-flow:symlog,update-ratio:linear&smooth=20&layers=stage-2`],
    ];
    for (const scene of scenes) if ((process.env.SCENE ?? scene[0]) === scene[0]) await measure(browser, ...scene);
  } finally {
    await browser.close();
    server?.kill();
  }
})();
