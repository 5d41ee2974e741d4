package io.gradwatch.telemetry.drill;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Loads history with two long runs and tells how that went: {@code benchmarks/history-load.sh} is the way to call it.
 *
 * <p>Arguments: directory for everything, class path of the broker, class path of the service, and the runs:
 * {@code ID:ITERATIONS:LAYERS:BATCH_NORMS}. A run that the directory's broker has already is not sent again. With
 * {@code stay} among the arguments broker and service go on until standard input ends, and {@code service.url} in the
 * directory tells where.
 */
public final class HistoryLoad {
    private static final long MB = 1_000_000;

    private HistoryLoad() {}

    public static void main(String[] a) throws Exception {
        Path directory = Files.createDirectories(Path.of(a[0]).toAbsolutePath());
        Machinery machinery = new Machinery(directory, a[1], a[2]);
        List<String> rest = new ArrayList<>(Arrays.asList(a).subList(3, a.length));
        boolean stay = rest.remove("stay");
        List<LoadRun.Shape> shapes = rest.stream().map(HistoryLoad::shape).toList();
        Path data = directory.resolve("data");
        try (Machinery.Broker broker = machinery.broker()) {
            for (LoadRun.Shape shape : shapes) {
                load(machinery, broker, data, shape);
            }
            if (stay) {
                try (Machinery.Service service = machinery.service(broker.bootstrap(), data)) {
                    Files.writeString(directory.resolve("service.url"), service.url());
                    System.out.println("SERVING " + service.url() + " pid "
                            + service.child().pid());
                    while (System.in.read() >= 0) {
                        // until the end
                    }
                }
            }
        }
    }

    private static LoadRun.Shape shape(String text) {
        String[] parts = text.split(":", -1);
        return new LoadRun.Shape(
                parts[0], Long.parseLong(parts[1]), Integer.parseInt(parts[2]), Integer.parseInt(parts[3]));
    }

    private static void load(Machinery machinery, Machinery.Broker broker, Path data, LoadRun.Shape shape)
            throws Exception {
        Path sent = machinery.directory().resolve("sent-" + shape.id());
        long before;
        try (Machinery.Service service = machinery.service(broker.bootstrap(), data)) {
            while (service.code("/readyz") != 200) { // the service makes the topics
                Thread.sleep(100);
            }
            before = service.iterations();
        }
        long bytesBefore = bytes(data);
        boolean isKnown = Files.exists(sent);
        if (isKnown && before >= shape.iterations() && Files.exists(data.resolve("known-" + shape.id()))) {
            System.out.printf("%s is in history already%n", shape.id());
            return;
        }
        if (!isKnown) {
            long begun = System.nanoTime();
            LoadRun.send(broker.bootstrap(), shape);
            System.out.printf(
                    "%s: %,d iterations of %d layers and %d BN layers, %,d values, sent in %.1f s%n",
                    shape.id(),
                    shape.iterations(),
                    shape.layers(),
                    shape.batchNorms(),
                    shape.values(),
                    (System.nanoTime() - begun) / 1e9);
            Files.createFile(sent);
        } else {
            System.out.printf("%s was sent before%n", shape.id());
        }
        try (Machinery.Service service = machinery.service(broker.bootstrap(), data)) {
            watch(service, before, shape);
        }
        Files.createFile(data.resolve("known-" + shape.id()));
        long bytes = bytes(data) - bytesBefore;
        System.out.printf(
                "  history: %.1f MB, %.2f bytes a value%n", (double) bytes / MB, bytes / (double) shape.values());
    }

    private static void watch(Machinery.Service service, long before, LoadRun.Shape shape) throws Exception {
        Child child = service.child();
        long begun = System.nanoTime();
        long cpuBegun = child.cpuNanos();
        long[] atTenth = new long[11];
        Arrays.fill(atTenth, -1);
        long mostUsed = 0;
        long mostCommitted = 0;
        long mostResident = 0;
        List<String> course = new ArrayList<>();
        long done = 0;
        while (done < shape.iterations()) {
            Thread.sleep(100);
            done = service.iterations() - before;
            long now = System.nanoTime();
            for (int tenth = 0; tenth <= 10; tenth++) {
                if (atTenth[tenth] < 0 && done > 0 && done * 10 >= shape.iterations() * tenth) {
                    atTenth[tenth] = now;
                    long[] heap = child.heapBytes();
                    long resident = child.residentBytes();
                    mostUsed = Math.max(mostUsed, heap[0]);
                    mostCommitted = Math.max(mostCommitted, heap[1]);
                    mostResident = Math.max(mostResident, resident);
                    course.add(String.format("%d %%: %d/%d/%d", tenth * 10, heap[0] / MB, heap[1] / MB, resident / MB));
                    break;
                }
            }
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        double cpuSeconds = (child.cpuNanos() - cpuBegun) / 1e9;
        System.out.printf(
                "  ingest: %.1f s from the service's start on, %,.0f values/s (%,.0f iterations/s), %.1f s of processor time%n",
                seconds, shape.values() / seconds, shape.iterations() / seconds, cpuSeconds);
        System.out.printf(
                "  largest seen: heap in use %d MB, heap %d MB, resident %d MB%n",
                mostUsed / MB, mostCommitted / MB, mostResident / MB);
        System.out.println("  MB of heap in use/heap/resident at " + String.join(", ", course));
        child.collectGarbage();
        System.out.printf("  heap alive at the end: %d MB%n", child.heapBytes()[0] / MB);
        JsonObject status = service.status();
        System.out.println("  status: " + status.getJsonObject("ingest").encode());
    }

    private static long bytes(Path data) throws IOException {
        Path file = data.resolve("history").resolve("history.duckdb");
        return Files.exists(file) ? Files.size(file) : 0;
    }
}
