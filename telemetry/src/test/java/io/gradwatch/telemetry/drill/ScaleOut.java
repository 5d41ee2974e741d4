package io.gradwatch.telemetry.drill;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * How fast a log is read by groups of different sizes. Arguments: a directory, class path of the launcher, class path of the
 * service, partitions, runs, iterations of each, and the sizes of the groups. Every group reads the same log from its beginning
 * into new histories.
 */
public final class ScaleOut {
    private static final long LOOK_MS = 50;

    private static final long PATIENCE_MS = 1_800_000;

    private ScaleOut() {}

    public static void main(String[] a) throws Exception {
        Path directory = Files.createDirectories(Path.of(a[0]));
        Machinery machinery = new Machinery(directory, a[1], a[2]);
        int partitions = Integer.parseInt(a[3]);
        int runs = Integer.parseInt(a[4]);
        long iterations = Long.parseLong(a[5]);
        try (Machinery.Broker broker = machinery.broker()) {
            try (Machinery.Service first =
                    machinery.member(broker.bootstrap(), directory.resolve("first"), "first", partitions)) {
                await(List.of(first), 0);
            }
            SyntheticRuns.main(
                    new String[] {broker.bootstrap(), Integer.toString(runs), Long.toString(iterations), "0", "scale-"
                    });
            for (int i = 6; i < a.length; i++) {
                measure(machinery, broker.bootstrap(), partitions, Integer.parseInt(a[i]), runs * iterations);
            }
        }
    }

    private static void measure(Machinery machinery, String bootstrap, int partitions, int services, long total)
            throws Exception {
        List<Machinery.Service> group = new ArrayList<>();
        List<Path> data = new ArrayList<>();
        try {
            for (int n = 0; n < services; n++) {
                Path own = machinery.directory().resolve("group-" + services + "-" + n);
                data.add(own);
                group.add(machinery.member(bootstrap, own, "group-" + services, partitions));
            }
            long[] range = await(group, total);
            double seconds = (range[1] - range[0]) / 1e3;
            List<Integer> shares = new ArrayList<>();
            long most = 0;
            for (Machinery.Service service : group) {
                shares.add(service.status()
                        .getJsonObject("group")
                        .getJsonArray("owned")
                        .size());
                most = Math.max(most, service.iterations());
            }
            System.out.printf(
                    "%d services, partitions %s: %d iterations in %.1f s, %.0f/s; the largest history has %d%n",
                    services, shares, total, seconds, total / seconds, most);
        } finally {
            for (Machinery.Service service : group) {
                service.close();
            }
            data.forEach(ScaleOut::delete);
        }
    }

    /** Waits until the group has read everything; when its first and its last iteration were in history, ms. */
    private static long[] await(List<Machinery.Service> group, long total) throws Exception {
        long begun = System.currentTimeMillis();
        long first = -1;
        while (System.currentTimeMillis() - begun < PATIENCE_MS) {
            long read = 0;
            boolean settled = true;
            int owned = 0;
            int partitions = 1;
            for (Machinery.Service service : group) {
                JsonObject status = service.status();
                read += status.getJsonObject("history").getLong("iterations");
                JsonObject shared = status.getJsonObject("group");
                JsonArray behind = shared.getJsonArray("catchingUp");
                settled &= behind.isEmpty();
                owned += shared.getJsonArray("owned").size();
                partitions = shared.getInteger("partitions");
            }
            if (read > 0 && first < 0) {
                first = System.currentTimeMillis();
            }
            // partitions that move while all are joining are read by two: so the sum may be larger
            if (settled && owned == partitions && read >= total) {
                return new long[] {first < 0 ? begun : first, System.currentTimeMillis()};
            }
            Thread.sleep(LOOK_MS);
        }
        throw new IllegalStateException("the group has not read everything within half an hour");
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
