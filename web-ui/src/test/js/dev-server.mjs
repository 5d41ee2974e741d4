/**
 * A development server: the dashboard's files and docs/api.md's protocol, fed by generated runs, so that the dashboard can be worked on without
 * a broker or a trainer.
 *
 *   node src/test/js/dev-server.mjs [--port 8090] [--rate 10] [--runs demo|empty] [--echarts JAR] [--history N]
 *
 * --rate: iterations per second of each live run; --history: iterations that a live run has behind it at the start. ECharts comes from the local
 * Maven repository (build the module once). POST /dev/drop closes all WebSockets; POST /dev/away refuses everything for 10 s.
 */
import { createServer } from 'node:http';
import { readFileSync, existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { encodeFrame, pointsFrame } from './dev/frames.mjs';
import { GeneratedRun } from './dev/runs.mjs';
import { acceptWebSocket } from './dev/websocket.mjs';
import { readFromJar } from './dev/webjar.mjs';

const { values: options } = parseArgs({
  options: {
    port: { type: 'string', default: '8090' },
    rate: { type: 'string', default: '10' },
    runs: { type: 'string', default: 'demo' },
    history: { type: 'string', default: '0' },
    echarts: { type: 'string', default: join(homedir(), '.m2/repository/org/webjars/echarts/5.5.0/echarts-5.5.0.jar') },
  },
});
const ROOT = fileURLToPath(new URL('../../main/resources/META-INF/resources/', import.meta.url));
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.mjs': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
const CSP = "default-src 'self'; style-src 'self' 'unsafe-inline'";
const TICK_MS = 50;
/** Iterations between two histograms. */
const HISTOGRAMS_EVERY = 20;

const runs = options.runs === 'empty' ? [] : makeRuns(Date.now(), Number(options.history));
const jar = new Map();
const viewers = new Set();
const commands = new Map();
let awayUntil = 0;

function makeRuns(now, history) {
  const live = (preset, more = {}) => new GeneratedRun({ id: `20261123-160512-${preset}-4f2a`, preset, startedAt: now - 1000 - history * 100, iterations: history, ...more });
  const past = (preset, hours, more) => new GeneratedRun({ id: `20261122-${String(10 + hours).padStart(2, '0')}0512-${preset}-77c1`, preset, startedAt: now - hours * 3_600_000, synthetic: false, batch: 100, ...more });
  return [
    live('vgg38'),
    live('vgg38-bn-resnet'),
    past('vgg08', 3, { state: 'finished', iterations: 7125, planned: 7125, iterationMs: 80, tags: ['baseline'] }),
    past('vgg38-bn', 5, { state: 'failed', iterations: 640, nanFrom: 560, dropped: 212, reason: 'loss is NaN', tags: ['lr-0.1'], name: 'vgg38-bn, lr 0.1' }),
    past('vgg38-bn', 8, { id: 'silent-run', state: 'silent', iterations: 1900, name: 'overnight' }),
    past('vgg08', 12, { id: 'stopped-run', state: 'stopped', iterations: 0, name: 'vgg08-bn' }),
  ];
}

const find = (id) => runs.find((run) => run.id === id);

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost');
  if (url.pathname === '/dev/drop' || url.pathname === '/dev/away') {
    if (url.pathname === '/dev/away') awayUntil = Date.now() + 10_000;
    for (const viewer of [...viewers]) viewer.socket.close();
    return response.end();
  }
  if (Date.now() < awayUntil) return request.socket.destroy();
  response.setHeader('Content-Security-Policy', CSP);
  if (url.pathname.startsWith('/api/v1/')) return api(url, request, response);
  return file(url.pathname, response);
});

server.on('upgrade', (request, stream) => {
  if (Date.now() < awayUntil || request.url !== '/api/v1/live') return stream.destroy();
  const viewer = { subscriptions: new Map(), all: false, socket: /** @type {any} */ (null) };
  viewer.socket = acceptWebSocket(request, stream, (text) => receive(viewer, JSON.parse(text)), () => viewers.delete(viewer));
  viewers.add(viewer);
});

/** Every command takes effect after half a second, but a stop, which nobody answers. */
function command(run, { action, learningRate = null, factor = null, issuedBy = 'the API', reason = '' }) {
  const list = commands.get(run.id) ?? [];
  commands.set(run.id, list);
  const sent = { id: String(list.length), runId: run.id, attempt: 1, action, learningRate, factor, state: 'sent', late: false, issuedAt: new Date().toISOString(), expiresAt: new Date(Date.now() + 30_000).toISOString(), issuedBy, reason, issuedIteration: run.points.length - 1, iteration: null, answeredAt: null, answer: null, startedRunId: null };
  list.push(sent);
  setTimeout(() => {
    if (action === 'stop') return;
    if (action === 'pause' || action === 'resume') run.options.state = action === 'pause' ? 'paused' : 'running';
    Object.assign(sent, { state: 'applied', iteration: run.points.length - 1, answeredAt: new Date().toISOString(), answer: '' });
    for (const viewer of viewers) if (viewer.subscriptions.has(run.id)) viewer.socket.text({ type: 'command', command: sent });
    for (const viewer of viewers) if (viewer.all || viewer.subscriptions.has(run.id)) viewer.socket.text({ type: 'run', run: run.json(Date.now()) });
  }, 500);
  return { ...sent };
}

/** The run is gone for everybody at once. */
function remove(run) {
  runs.splice(runs.indexOf(run), 1);
  for (const viewer of viewers) {
    const followed = viewer.subscriptions.delete(run.id);
    if (viewer.all || followed) viewer.socket.text({ type: 'deleted', run: run.id });
  }
  return { id: run.id, freed: { total: 0 }, recordsTrimmed: 0, recordsRemain: false };
}

function read(request, use) {
  let body = '';
  request.on('data', (chunk) => (body += chunk));
  request.on('end', () => use(body));
}

function file(path, response) {
  const clean = normalize(path === '/' ? '/index.html' : path);
  let body = null;
  if (clean.startsWith('/webjars/')) {
    if (!jar.has(clean)) jar.set(clean, readFromJar(options.echarts, `META-INF/resources${clean}`));
    body = jar.get(clean);
  } else if (existsSync(join(ROOT, clean))) body = readFileSync(join(ROOT, clean));
  response.writeHead(body ? 200 : 404, { 'Content-Type': TYPES[extname(clean)] ?? 'application/octet-stream', 'Cache-Control': 'no-cache' });
  response.end(body ?? 'not found');
}

function api(url, request, response) {
  const json = (value, status = 200) => {
    response.writeHead(status, { 'Content-Type': status < 400 ? 'application/json' : 'application/problem+json' });
    response.end(JSON.stringify(value));
  };
  const [, , , table, id, part] = url.pathname.split('/').map(decodeURIComponent);
  const q = url.searchParams;
  if (table === 'runs' && id === undefined) {
    const wanted = (q.get('q') ?? '').toLowerCase();
    const items = runs.map((run) => run.json(Date.now())).filter((run) => [run.id, run.name, run.preset, ...run.tags].some((text) => text.toLowerCase().includes(wanted)));
    return json({ items, next: null });
  }
  if (table === 'runs' && id === 'overview') return json({ items: (q.get('runs') ?? '').split(',').flatMap((one) => (find(one) ? [overview(find(one))] : [])), next: null });
  if (table === 'runs' && id === 'compare') return json({ runs: (q.get('runs') ?? '').split(',').map((one) => find(one)?.json(Date.now())), rows: [], equal: 0 });
  if (table === 'series') return json(several((q.get('runs') ?? '').split(',').map(find), q));
  if (table === 'divergence') return json({ runs: (q.get('runs') ?? '').split(','), tolerance: 0, from: 0, to: 1, first: { iteration: 0, metric: 'loss', layer: null, layerName: null }, metrics: [] });
  const run = find(id);
  if (!run) return json({ type: 'about:blank', title: 'Not Found', status: 404, detail: `there is no run "${id}"`, parameter: 'run' }, 404);
  if (part === undefined && request.method === 'DELETE') return json(remove(run));
  if (part === undefined) return json(run.json(Date.now()));
  if (part === 'epochs') return json({ items: run.epochs(), next: null, origin: new Date(run.options.startedAt).toISOString() });
  if (part === 'alerts') return json({ items: run.alert() ? [run.alert()] : [], next: null });
  if (part === 'commands' && request.method === 'POST') return read(request, (body) => json(command(run, JSON.parse(body)), 202));
  if (part === 'commands') return json({ items: [...(commands.get(id) ?? [])].reverse(), next: null });
  if (part === 'twin') return json({ runId: id, launcher: false, available: !run.learns, reason: '', preset: 'vgg38-bn-resnet', options: {}, command: './gradwatch train vgg38-bn-resnet --bn before --skip conv --batch 16 --seed 0' });
  if (part === 'layers') return json({ items: run.layers, batchNorms: run.batchNorms });
  const from = Number(q.get('from') ?? 0);
  const to = Math.min(run.points.length, Number(q.get('to') ?? run.points.length));
  if (part === 'series') {
    const width = Math.max(1, Math.ceil((to - from) / Number(q.get('buckets') ?? 600)));
    const layer = q.has('layer') ? Number(q.get('layer')) : null;
    return json({ from, to, width, series: (q.get('metric') ?? '').split(',').map((metric) => ({ metric, layer, unit: '', buckets: buckets(run, metric, from, to, width, layer) })) });
  }
  if (part === 'histograms') return json(histograms(run, q.get('kind'), Number(q.get('layer')), from, to, Number(q.get('limit') ?? 50)));
  if (part === 'heatmap') {
    const frame = heatmap(run, q.get('metric') ?? '', from, to, Number(q.get('columns') ?? 400));
    response.writeHead(200, { 'Content-Type': 'application/vnd.gradwatch.frame' });
    return response.end(Buffer.from(frame));
  }
  return json({ type: 'about:blank', title: 'Not Found', status: 404, detail: url.pathname }, 404);
}

function overview(run) {
  const last = run.points[run.points.length - 1];
  const width = Math.max(1, Math.ceil(run.points.length / 60));
  const number = (value) => (Number.isFinite(value) ? value : String(value));
  return {
    id: run.id, seq: run.points.length - 1, iterationMs: run.options.iterationMs,
    layers: last ? { iteration: last.iteration, meanAbs: [...last['gradient.mean_abs']].map(number), notFinite: [...last['gradient.nan']].flatMap((count, layer) => (count > 0 ? [layer] : [])), skip: [] } : null,
    loss: { to: run.points.length, width, buckets: buckets(run, 'loss', 0, run.points.length, width).map((one) => [one.from, one.to, one.min, one.max, one.mean, one.nan]) },
    alerts: run.alert() ? [{ ...run.alert(), acknowledged: false }] : [],
  };
}

/** Series of several runs by iteration; other alignments are the service's. */
function several(some, q) {
  const known = some.filter(Boolean);
  const from = Number(q.get('from') ?? 0);
  const to = Number(q.get('to') ?? Math.max(1, ...known.map((run) => run.points.length)));
  const width = Math.max(1, Math.ceil((to - from) / Number(q.get('buckets') ?? 600)));
  const series = known.flatMap((run) =>
    (q.get('metric') ?? '').split(',').flatMap((metric) => {
      const end = Math.min(to, run.points.length);
      if (q.get('layer') === null) return [{ run: run.id, metric, layer: null, unit: '', buckets: buckets(run, metric, from, end, width) }];
      return run.layers.map(({ index }) => ({ run: run.id, metric, layer: index, unit: '', buckets: buckets(run, metric, from, end, width, index) }));
    }),
  );
  return { align: q.get('align') ?? 'iteration', from, to, width, series };
}

function buckets(run, metric, from, to, width, layer = null) {
  const result = [];
  for (let start = from; start < to; start += width) {
    const values = run.points.slice(start, Math.min(to, start + width)).map((point) => (layer === null ? point[metric] : valueOf(point, metric, layer)));
    const finite = values.filter(Number.isFinite);
    result.push({ from: start, to: start + width, count: values.length, nan: values.length - finite.length, inf: 0, min: finite.length ? Math.min(...finite) : null, max: finite.length ? Math.max(...finite) : null, mean: finite.length ? finite.reduce((a, b) => a + b) / finite.length : null });
  }
  return result;
}

/** A value of a layer; the smallest and largest channel, which no frame brings, lie a little beside the mean. */
function valueOf(point, metric, layer) {
  const end = /_(min|max)$/.exec(metric)?.[1];
  return end ? point[metric.replace(/_(min|max)$/, '_mean')]?.[layer] + (end === 'min' ? -0.1 : 0.1) : point[metric]?.[layer];
}

/** As of a normal distribution about the layer's mean. */
function histograms(run, kind, layer, from, to, limit) {
  const edges = Array.from({ length: 65 }, (_, i) => 4 ** (i - 51));
  const all = run.points.slice(from, to).filter(({ iteration }) => iteration % HISTOGRAMS_EVERY === 0);
  const items = all.slice(0, limit).map((point) => {
    const middle = 51 + Math.log2((kind === 'gradient' ? point['gradient.mean_abs'][layer] : 0.05) || 1e-20) / 2;
    const firstBin = Math.max(0, Math.floor(middle) - 5);
    return { iteration: point.iteration, epoch: point.epoch, attempt: 1, layer, firstBin, counts: Array.from({ length: 9 }, (_, i) => Math.round(9216 * Math.exp(-((firstBin + i - middle) ** 2) / 3))), zeros: 12, below: 0, above: 0, notFinite: 0 };
  });
  return { kind, edges, iterations: all.map(({ iteration }) => iteration), items, next: all[limit]?.iteration ?? null };
}

function heatmap(run, metric, from, to, most) {
  const rows = metric.startsWith('bn.') ? run.norms : run.depth;
  const width = Math.max(1, Math.ceil((to - from) / most));
  const columns = Math.ceil((to - from) / width);
  const blocks = Object.fromEntries(['mean', 'min', 'max', 'nan', 'inf', 'count'].map((name) => [name, new Float32Array(rows * columns)]));
  for (let column = 0; column < columns; column++) {
    const points = run.points.slice(from + column * width, Math.min(to, from + (column + 1) * width));
    for (let row = 0; row < rows; row++) {
      const values = points.map((point) => valueOf(point, metric, row)).filter((value) => value !== undefined);
      const finite = values.filter(Number.isFinite);
      const cell = row * columns + column;
      blocks.count[cell] = values.length;
      blocks.nan[cell] = values.length - finite.length;
      blocks.min[cell] = finite.length ? Math.min(...finite) : NaN;
      blocks.max[cell] = finite.length ? Math.max(...finite) : NaN;
      blocks.mean[cell] = finite.length ? finite.reduce((a, b) => a + b) / finite.length : NaN;
    }
  }
  return encodeFrame({ type: 'heatmap', metric, from, to, width, rows, columns }, [
    { name: 'starts', dtype: 'f64', shape: [columns], data: Float64Array.from({ length: columns }, (_, i) => from + i * width) },
    ...Object.entries(blocks).map(([name, data]) => ({ name, shape: [rows, columns], data })),
  ]);
}

function receive(viewer, message) {
  if (message.subscribe === '*') viewer.all = true;
  else if (message.subscribe) subscribe(viewer, message);
  else if (message.unsubscribe === '*') viewer.all = false;
  else if (message.unsubscribe) viewer.subscriptions.delete(message.unsubscribe);
  else if (message.ack) {
    const subscription = viewer.subscriptions.get(message.ack);
    if (subscription) subscription.credit++;
  }
}

function subscribe(viewer, { subscribe: id, from, backfill = 512 }) {
  const run = find(id);
  if (!run) return viewer.socket.text({ type: 'error', problem: { status: 404, title: 'Not Found', detail: `there is no run "${id}"`, parameter: 'run' }, request: { subscribe: id } });
  viewer.socket.text({ type: 'subscribed', run: run.json(Date.now()), layers: run.layers, batchNorms: run.batchNorms });
  viewer.subscriptions.set(id, { sent: from ?? Math.max(0, run.points.length - backfill), credit: 4, catchup: true });
  return push(viewer);
}

function push(viewer) {
  for (const [id, subscription] of viewer.subscriptions) {
    const run = find(id);
    while (subscription.credit > 0 && run && subscription.sent < run.points.length) {
      const points = run.points.slice(subscription.sent, subscription.sent + 256);
      viewer.socket.binary(pointsFrame({ run: id, seqFrom: subscription.sent, prev: subscription.sent - 1, layers: run.depth, batchNorms: run.norms, source: subscription.catchup ? 'catchup' : 'live', dropped: run.options.dropped, producedAt: run.options.state === 'running' ? Date.now() - 5 : 0, sentAt: Date.now() }, points));
      subscription.sent += points.length;
      subscription.credit--;
    }
    subscription.catchup = false;
  }
}

let produced = 0;
const started = Date.now();
setInterval(() => {
  const due = Math.floor(((Date.now() - started) / 1000) * Number(options.rate));
  for (; produced < due; produced++) {
    for (const run of runs) {
      if (run.options.state !== 'running') continue;
      const before = run.alert()?.state;
      run.advance();
      if (run.alert()?.state !== before) for (const viewer of viewers) if (viewer.all || viewer.subscriptions.has(run.id)) viewer.socket.text({ type: 'alert', alert: run.alert() });
    }
  }
  for (const viewer of viewers) push(viewer);
}, TICK_MS);
setInterval(() => {
  for (const viewer of viewers) {
    viewer.socket.text({ type: 'heartbeat', now: Date.now() });
    if (viewer.all) for (const run of runs) if (run.options.state === 'running') viewer.socket.text({ type: 'run', run: run.json(Date.now()) });
  }
}, 1000);

server.listen(Number(options.port), '127.0.0.1', () => console.log(`http://127.0.0.1:${options.port}/`));
