/**
 * How long a browser takes to play a whole run, from the click to the end, with all charts drawn.
 *
 *   NODE_PATH=… node replay-in-browser.cjs SERVICE-URL RUN [CHROMIUM]      (needs the package playwright-core)
 */
const { chromium } = require('playwright-core');

const [service, run, executablePath = '/usr/bin/chromium'] = process.argv.slice(2);

(async () => {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(`${service}/#/runs/${run}?replay=&speed=1000`);
    const begun = Date.now();
    await page.getByText(/· ended$/).waitFor({ timeout: 300_000 });
    const seconds = (Date.now() - begun) / 1000;
    await page.waitForTimeout(1500);
    const drawn = await page.getByTestId('chart-loss').getAttribute('data-iteration');
    console.log(JSON.stringify({ run, secondsInBrowser: Number(seconds.toFixed(2)), drawnIteration: Number(drawn) }));
  } finally {
    await browser.close();
  }
})();
