package io.gradwatch.benchmarks.drill;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Hours of load: runs, viewers, and one real page, in which the time from a record's stamp to its being painted is taken.
 * Prints a line a minute. Arguments: the working tree, minutes. Exit code 0: log and history hold all that was made; 1: they
 * do not; 2: wrong usage; 77: there is no browser.
 */
public final class Soak {
    private static final int RUNS = Integer.getInteger("runs", 16);
    private static final double PER_SECOND = Integer.getInteger("rate", 60);
    private static final int VIEWERS = Integer.getInteger("viewers", 20);
    /** Runs that each viewer follows. */
    private static final int FOLLOWED = 4;

    private static final Duration SETTLING = Duration.ofSeconds(2);

    private static final String LINE = "%6s %10s %8s %12s %9s %9s %10s %16s %16s %18s %10s%n";

    /**
     * Notes for every iteration how long it took from its stamp until the gradient flow that shows it was painted: drawn in an
     * animation frame, it is on the screen when the next task runs. Frames carry the stamp of their newest point; iterations
     * between two of them are taken to be evenly spaced, as the load makes them.
     */
    private static final String TAKE_TIMES = """
        (() => {
          const painted = (globalThis.painted = []);
          const arrived = (globalThis.arrived = []);
          const stamps = [];
          const Native = WebSocket;
          globalThis.WebSocket = class extends Native {
            constructor(...rest) {
              super(...rest);
              this.addEventListener('message', ({ data }) => {
                if (!(data instanceof ArrayBuffer)) return;
                const length = new DataView(data).getUint32(4, true);
                const header = JSON.parse(new TextDecoder().decode(new Uint8Array(data, 8, length)));
                const block = header.blocks?.find(({ name }) => name === 'iteration');
                if (header.source !== 'live' || !block) return;
                const iterations = new Float64Array(data, 8 + length + block.offset, block.shape[0]);
                stamps.push({ iteration: iterations[iterations.length - 1], at: header.producedAt });
                arrived.push(Math.round(Date.now() - header.producedAt));
                if (stamps.length > 4000) stamps.splice(0, 2000);
              });
            }
          };
          const stampOf = (iteration) => {
            for (let i = stamps.length - 1; i > 0; i--) {
              const [a, b] = [stamps[i - 1], stamps[i]];
              if (iteration > a.iteration && iteration <= b.iteration) {
                return a.at + ((b.at - a.at) * (iteration - a.iteration)) / (b.iteration - a.iteration);
              }
            }
            return NaN;
          };
          const follow = () => {
            const chart = document.querySelector('[data-testid="chart-gradient-flow"]');
            if (!chart) return setTimeout(follow, 100);
            let shown = Number(chart.dataset.iteration);
            new MutationObserver(() => {
              const newest = Number(chart.dataset.iteration);
              if (!(newest > shown)) return;
              const from = shown + 1;
              shown = newest;
              const { port1, port2 } = new MessageChannel();
              port1.onmessage = () => {
                const now = Date.now();
                for (let iteration = from; iteration <= newest; iteration++) {
                  const age = now - stampOf(iteration);
                  if (!Number.isNaN(age)) painted.push(Math.round(age));
                }
              };
              port2.postMessage(0);
            }).observe(chart, { attributes: true, attributeFilter: ['data-iteration'] });
          };
          addEventListener('DOMContentLoaded', follow);
        })();
        """;

    private final Stage stage;
    private final Stage.Service service;
    private final List<Load> loads;
    private final List<Viewer> viewers = new ArrayList<>();
    private final Latencies latencies = new Latencies();
    private final OpenPage page;

    private Soak(Stage stage) throws Exception {
        this.stage = stage;
        this.service = stage.up();
        this.loads = stage.loads(service.kafka(), service.api(), "soak", RUNS, PER_SECOND, Load.Shape.DEEP);
        List<String> runs = loads.stream().map(Load::id).toList();
        HttpClient client = HttpClient.newHttpClient();
        for (int i = 0; i < VIEWERS; i++) {
            List<String> followed = new ArrayList<>();
            for (int j = 0; j < Math.min(FOLLOWED, RUNS); j++) {
                followed.add(runs.get((i * FOLLOWED + j) % RUNS));
            }
            viewers.add(stage.own(Viewer.of(client, service.api().url(), followed, latencies)));
        }
        this.page = stage.page(service.api(), List.of(runs.get(0)), TAKE_TIMES);
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 2 || !arguments[1].matches("[1-9]\\d{0,4}")) {
            System.err.println("usage: benchmarks/soak.sh MINUTES; accepted is a whole number from 1 to 99999");
            System.exit(2);
            return;
        }
        var chromium = OpenPage.chromium();
        if (chromium.isEmpty()) {
            System.out.println("SKIPPED: no Chromium is installed");
            System.exit(77);
            return;
        }
        Path directory = Files.createTempDirectory("gradwatch-soak");
        Installation installation = new Installation(Path.of(arguments[0]).toAbsolutePath());
        Stage stage = new Stage(installation, directory, chromium.get(), System.out);
        Runtime.getRuntime().addShutdownHook(new Thread(stage::close, "ending")); // Ctrl-C: nothing is left running
        boolean whole = new Soak(stage).run(Integer.parseInt(arguments[1]));
        stage.close();
        System.exit(whole ? 0 : 1);
    }

    private boolean run(int minutes) throws Exception {
        System.out.printf(
                Locale.ROOT,
                LINE,
                "minute",
                "heap MB",
                "threads",
                "resident MB",
                "dropped",
                "lag",
                "conflated",
                "viewers ms",
                "in page ms",
                "painted ms",
                "page MB");
        System.out.printf(
                Locale.ROOT,
                LINE,
                "",
                "after GC",
                "",
                "",
                "records",
                "records",
                "frames",
                "p50 / p99",
                "p50 / p99",
                "p50 / p99",
                "after GC");
        for (int minute = 1; minute <= minutes; minute++) {
            // the collections that this forces after each minute are not the service's doing, nor the page's
            Thread.sleep(SETTLING.toMillis());
            latencies.take();
            taken("arrived");
            taken("painted");
            Thread.sleep(Duration.ofMinutes(1).minus(SETTLING).toMillis());
            line(minute, latencies.take(), taken("arrived"), taken("painted"));
        }
        return isWhole();
    }

    private void line(int minute, Latencies.Stretch viewed, Latencies.Stretch arrived, Latencies.Stretch painted)
            throws Exception {
        double lag = service.api().metric("gradwatch_ingest_lag_records");
        System.out.printf(
                Locale.ROOT,
                LINE,
                minute,
                StalledBrowser.heapMegabytes(service),
                (long) service.api().metric("jvm_threads_live_threads"),
                Program.residentBytes(service.process().pid()) >> 20,
                dropped(),
                (long) lag,
                viewers.stream().mapToLong(Viewer::conflated).sum(),
                viewed.quantile(0.5) + " / " + viewed.quantile(0.99),
                arrived.quantile(0.5) + " / " + arrived.quantile(0.99),
                painted.quantile(0.5) + " / " + painted.quantile(0.99),
                String.format(Locale.ROOT, "%.1f", page.heapMegabytes()));
    }

    private long dropped() {
        return loads.stream().mapToLong(Load::dropped).sum();
    }

    /** What the page noted since it was asked the last time: "arrived" or "painted". */
    private Latencies.Stretch taken(String name) {
        Latencies noted = new Latencies();
        for (Object ms : (List<?>) page.ask(name + ".splice(0)")) {
            noted.add(((Number) ms).longValue());
        }
        return noted.take();
    }

    /** Whether everything that was made is acknowledged and in history, and what the page shows of its run, too. */
    private boolean isWhole() throws IOException, InterruptedException {
        long made = 0;
        long delivered = 0;
        for (Load load : loads) {
            delivered += load.end(Stage.PATIENCE).delivered();
            made += load.offered();
        }
        long acknowledged = delivered;
        boolean all = Wait.whether(Stage.PATIENCE, () -> inHistory() == acknowledged);
        long ofPage = loads.get(0).offered();
        boolean shown =
                Wait.whether(Stage.PATIENCE, () -> page.held(loads.get(0).id()) == ofPage);
        stage.say(
                "%,d iterations made, %,d acknowledged, %,d dropped, %,d in history; the page holds %,d of %,d of its"
                        + " run",
                made, delivered, dropped(), inHistory(), page.held(loads.get(0).id()), ofPage);
        boolean whole = all && shown && made == delivered;
        System.out.println(whole ? "WHOLE" : "NOT WHOLE");
        return whole;
    }

    private long inHistory() throws IOException, InterruptedException {
        return service.api().json("/api/v1/status").at("/history/iterations").asLong();
    }
}
