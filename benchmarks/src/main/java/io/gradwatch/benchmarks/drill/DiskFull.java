package io.gradwatch.benchmarks.drill;

import io.gradwatch.listener.publish.Delivery;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The disk of the service fills up, by something else, while a run is read; then there is room again. */
final class DiskFull implements Scenario {
    private static final double PER_SECOND = 40;
    private static final int BETWEEN = 200;
    private static final int MEGABYTES = 320;
    /** What the service leaves free, and a little more: then it stops. */
    private static final long LEFT = 40L << 20;

    @Override
    public String title() {
        return "The disk of the service is full (a tmpfs of " + MEGABYTES + " MB), and has room again later";
    }

    @Override
    public Report run(Stage stage) throws Exception {
        Path disk = Files.createDirectories(stage.directory().resolve("disk"));
        if (!mount(disk)) {
            return Report.skipped(
                    "a tmpfs cannot be mounted here: this needs root, or user namespaces (unshare -rm), which the"
                            + " script tries by itself");
        }
        stage.own((AutoCloseable) () -> run("umount", disk.toString()));
        Report.Facts facts = new Report.Facts();
        Cluster cluster = stage.cluster(1);
        Stage.Service service = stage.up(disk, Map.of(), "--kafka", cluster.bootstrap());
        Load load = stage.own(Load.start(cluster.bootstrap(), "load", PER_SECOND));
        Wait.until(
                "the service knows the run",
                Stage.PATIENCE,
                () -> service.api().runs().contains(load.id()));
        Watch watch = new Watch(stage, service, List.of(load.id()));
        watch.awaitHeld(BETWEEN);

        Path ballast = disk.resolve("ballast");
        fill(ballast, Files.getFileStore(disk));
        stage.say("the disk is full but for %d MB", Files.getFileStore(disk).getUsableSpace() >> 20);
        long since = System.nanoTime();
        Wait.until(
                "the service says that it cannot write",
                Stage.PATIENCE,
                () -> service.api().metric("gradwatch_history_writable") == 0);
        double said = (System.nanoTime() - since) / 1e9;
        long stopped = watch.held();
        long behind = load.offered();
        Wait.until("the run goes on", Stage.PATIENCE, () -> load.offered() > behind + BETWEEN);
        int ready = service.api().get("/readyz").statusCode();
        long waiting = (long) service.api().metric("gradwatch_ingest_lag_records");
        facts.fact(
                "said so",
                "after %.1f s, and that %,d records waited; queries were answered, /readyz with %d",
                said,
                waiting,
                ready);
        facts.must(waiting > 0, "it did not say that records waited");
        facts.must(service.api().get("/api/v1/runs").statusCode() == 200, "queries were not answered");

        stage.say("making room; the page holds %,d iterations, %,d were made", stopped, load.offered());
        since = System.nanoTime();
        Files.delete(ballast);
        facts.fact(
                "caught up",
                "%.1f s after there was room",
                watch.awaitCaughtUp(since).toMillis() / 1e3);
        watch.awaitHeld(watch.held() + BETWEEN);
        Delivery delivery = load.end(Stage.PATIENCE);
        List<Tally> tallies = watch.count();
        facts.must(delivery.complete(), "the load was not delivered: " + delivery);
        facts.must(load.offered() == tallies.get(0).log().size(), "not every iteration that was made is in the log");
        return facts.report(tallies);
    }

    private static boolean mount(Path disk) throws IOException, InterruptedException {
        return run("mount", "-t", "tmpfs", "-o", "size=" + MEGABYTES + "m", "tmpfs", disk.toString()) == 0;
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    private static void fill(Path file, FileStore disk) throws IOException {
        byte[] megabyte = new byte[1 << 20];
        try (var out = Files.newOutputStream(file)) {
            while (disk.getUsableSpace() > LEFT) {
                out.write(megabyte);
                out.flush();
            }
        }
    }
}
