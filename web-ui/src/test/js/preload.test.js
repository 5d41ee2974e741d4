import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../main/resources/META-INF/resources/', import.meta.url));

/** What a module imports, as paths from the root. @param {string} module */
function importsOf(module) {
  const text = readFileSync(join(ROOT, module), 'utf8');
  return [...text.matchAll(/^(?:import|export)\b[^;]*?from '([^']+)'/gm)].map(([, to]) => (to.startsWith('/') ? to.slice(1) : join(dirname(module), to)));
}

test('the page asks for all modules at once, not for each when another one names it', () => {
  const all = new Set(['js/main.js']);
  for (const module of all) if (!module.startsWith('webjars/')) importsOf(module).forEach((to) => all.add(to));
  const page = readFileSync(join(ROOT, 'index.html'), 'utf8');
  const preloaded = [...page.matchAll(/<link rel="modulepreload" href="([^"]+)"/g)].map(([, to]) => to);
  all.delete('js/main.js');
  assert.deepEqual([...preloaded].sort(), [...all].sort());
  assert.match(preloaded[0], /echarts/, 'the largest one comes first');
});
