/**
 * How long it takes from a trainer's stamp on an iteration until a page has painted it, for every iteration: a real Chromium, the real dashboard.
 *
 *     NODE_PATH=… node live-latency.cjs SERVICE-URL RUN [SECONDS] [CHROMIUM]
 *
 * An iteration counts as painted in the task after the frame in which a chart that shows it was drawn. Stamps are those of the frames (of the newest
 * point in each); iterations between two of them are taken to be evenly spaced, as the generator makes them. Prints one JSON object: quantiles in ms
 * by chart, of all iterations and of the newest one at each paint; tasks over 50 ms; processor time of the page's main thread; heap at the beginning
 * and at the end, after a collection each.
 */
const { loadavg } = require('node:os');
const { chromium } = require('playwright-core');

const [service, run, seconds = '60', executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'] = process.argv.slice(2);
const CHARTS = ['chart-gradient-flow', 'chart-loss'];

/** In the page, before its own scripts. */
function instrument(charts) {
  const stamps = [];
  window.latency = { painted: Object.fromEntries(charts.map((chart) => [chart, []])), long: [] };
  new PerformanceObserver((list) => list.getEntries().forEach(({ duration }) => window.latency.long.push(duration))).observe({ type: 'longtask', buffered: false });
  const Native = WebSocket;
  window.WebSocket = class extends Native {
    constructor(...of) {
      super(...of);
      this.addEventListener('message', ({ data }) => {
        if (typeof data === 'string') return;
        const view = new DataView(data);
        const header = JSON.parse(new TextDecoder().decode(new Uint8Array(data, 8, view.getUint32(4, true))));
        const block = header.blocks?.find(({ name }) => name === 'iteration');
        if (header.source !== 'live' || !block) return;
        const iterations = new Float64Array(data, 8 + view.getUint32(4, true) + block.offset, block.shape[0]);
        stamps.push({ iteration: iterations[iterations.length - 1], at: header.producedAt });
        if (stamps.length > 4000) stamps.splice(0, 2000);
      });
    }
  };
  const stampOf = (iteration) => {
    for (let i = stamps.length - 1; i > 0; i--) {
      const [a, b] = [stamps[i - 1], stamps[i]];
      if (iteration > a.iteration && iteration <= b.iteration) return a.at + ((b.at - a.at) * (iteration - a.iteration)) / (b.iteration - a.iteration);
    }
    return NaN;
  };
  window.follow = () => {
    for (const chart of charts) {
      const element = document.querySelector(`[data-testid="${chart}"]`);
      let shown = Number(element.dataset.iteration);
      new MutationObserver(() => {
        const newest = Number(element.dataset.iteration);
        if (!(newest > shown)) return;
        const from = shown + 1;
        shown = newest;
        // drawn in an animation frame: painted when the next task runs
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          const now = Date.now();
          for (let iteration = from; iteration <= newest; iteration++) window.latency.painted[chart].push([now - stampOf(iteration), iteration === newest ? 1 : 0]);
        };
        port2.postMessage(0);
      }).observe(element, { attributes: true, attributeFilter: ['data-iteration'] });
    }
  };
}

const metrics = async (session) => Object.fromEntries((await session.send('Performance.getMetrics')).metrics.map(({ name, value }) => [name, value]));

async function heap(session) {
  await session.send('HeapProfiler.collectGarbage');
  return Math.round((await metrics(session)).JSHeapUsedSize / 1e5) / 10;
}

const quantiles = (values) => {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const at = (share) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]);
  return { n: sorted.length, p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
};

(async () => {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const session = await page.context().newCDPSession(page);
    const errors = [];
    page.on('pageerror', (error) => errors.push(error.message));
    await page.addInitScript(instrument, CHARTS);
    await page.goto(`${service}/#/runs/${run}`);
    await page.waitForFunction(() => Number(document.querySelector('[data-testid="chart-gradient-flow"]')?.dataset.points ?? 0) > 0, null, { timeout: 60_000 });
    await page.waitForTimeout(5000);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    const heapBefore = await heap(session);
    const before = await metrics(session);
    await page.evaluate(() => {
      window.latency.long.length = 0;
      window.follow();
    });
    const heaps = [];
    for (let minute = 0; minute < Number(seconds) / 60; minute++) {
      await page.waitForTimeout(Math.min(60_000, 1000 * Number(seconds)));
      heaps.push(await heap(session));
    }
    const after = await metrics(session);
    const { painted, long } = await page.evaluate(() => window.latency);
    const answer = {
      seconds: Number(seconds),
      load: loadavg()[0],
      charts: Object.fromEntries(Object.entries(painted).map(([chart, list]) => [chart, { iterations: quantiles(list.map(([age]) => age)), newest: quantiles(list.filter(([, newest]) => newest).map(([age]) => age)) }])),
      tasksOver50Ms: { n: long.length, longest: Math.round(Math.max(0, ...long)) },
      mainThreadMsPerSecond: Math.round((1000 * (after.TaskDuration - before.TaskDuration)) / Number(seconds)),
      heapMb: { before: heapBefore, everyMinute: heaps },
      errors,
    };
    console.log(JSON.stringify(answer, null, 1));
  } finally {
    await browser.close();
  }
})();
