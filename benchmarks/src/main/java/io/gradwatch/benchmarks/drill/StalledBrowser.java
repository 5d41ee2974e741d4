package io.gradwatch.benchmarks.drill;

import io.gradwatch.listener.publish.Delivery;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One of two pages stops reading; other viewers and the service are to notice nothing, and it catches up when it goes on. */
final class StalledBrowser implements Scenario {
    private static final double PER_SECOND = 30;
    private static final int VIEWERS = 4;
    private static final Duration STRETCH = Duration.ofSeconds(Integer.getInteger("seconds", 40));

    @Override
    public String title() {
        return "The renderer of one of two pages is stopped (SIGSTOP) for " + STRETCH.toSeconds() + " s; " + VIEWERS
                + " more viewers";
    }

    @Override
    public Report run(Stage stage) throws Exception {
        Report.Facts facts = new Report.Facts();
        Stage.Service service = stage.up();
        Load load = stage.own(Load.start(service.kafka(), "load", PER_SECOND));
        Wait.until(
                "the service knows the run",
                Stage.PATIENCE,
                () -> service.api().runs().contains(load.id()));
        Watch stalled = new Watch(stage, service, List.of(load.id()));
        Watch healthy = new Watch(stage, service, List.of(load.id()));
        Latencies latencies = new Latencies();
        HttpClient client = HttpClient.newHttpClient();
        for (int i = 0; i < VIEWERS; i++) {
            stage.own(Viewer.of(client, service.api().url(), List.of(load.id()), latencies));
        }
        stalled.awaitHeld(100);
        healthy.awaitHeld(100);

        List<String> stretches = new ArrayList<>();
        stretches.add(stretch(stage, service, "before", latencies, healthy));
        long held = stalled.held();
        stage.say("stopping the renderer of one page, which holds %,d iterations", held);
        stalled.page().freeze();
        stretches.add(stretch(stage, service, "while it stood still", latencies, healthy));
        stage.say("letting it go on");
        stalled.page().goOn();
        long since = System.nanoTime();
        facts.fact(
                "it caught up",
                "%.1f s after it went on",
                stalled.awaitCaughtUp(since).toMillis() / 1e3);
        stretches.add(stretch(stage, service, "afterwards", latencies, healthy));
        stretches.forEach(text -> {
            String[] parts = text.split(": ", 2);
            facts.fact(parts[0], "%s", parts[1]);
        });

        Delivery delivery = load.end(Stage.PATIENCE);
        facts.must(delivery.complete(), "the load was not delivered: " + delivery);
        List<Tally> tallies = new ArrayList<>();
        for (Watch watch : List.of(stalled, healthy)) {
            for (Tally tally : watch.count()) {
                String which = watch == stalled ? " (stalled page)" : " (other page)";
                tallies.add(new Tally(tally.run() + which, tally.log(), tally.history(), tally.browser()));
            }
        }
        return facts.report(tallies);
    }

    private static String stretch(Stage stage, Stage.Service service, String name, Latencies latencies, Watch healthy)
            throws Exception {
        latencies.take();
        long first = healthy.held();
        TimeUnit.MILLISECONDS.sleep(STRETCH.toMillis());
        Latencies.Stretch stretch = latencies.take();
        String text = String.format(
                "%s: viewers %s; the other page took %,d iterations; heap after collection %d MB, resident %d MB",
                name,
                stretch.text(),
                healthy.held() - first,
                heapMegabytes(service),
                Program.residentBytes(service.process().pid()) >> 20);
        stage.say("%s", text);
        return text;
    }

    /** Heap of the service that is in use after a full collection. */
    static long heapMegabytes(Stage.Service service) throws Exception {
        new ProcessBuilder(
                        java.nio.file.Path.of(System.getProperty("java.home"), "bin", "jcmd")
                                .toString(),
                        "-J-Xmx32m",
                        Long.toString(service.process().pid()),
                        "GC.run")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        return (long) service.api().metric("jvm_memory_used_bytes{area=\"heap\"") >> 20;
    }
}
