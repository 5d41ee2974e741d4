package io.gradwatch.telemetry.drill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads a run onto a disk that is too small for it because something else is on it, until the service says so; then removes
 * that and compares history with the log. {@code benchmarks/history-disk-full.sh} calls it.
 *
 * <p>Arguments: directory of everything, in which {@code data} is a file system of about 130 MB; class path of the broker,
 * class path of the service. Exit code 1 when something is not as it should be.
 */
public final class FullDiskDrill {
    private static final LoadRun.Shape RUN = new LoadRun.Shape("full", 20_000, 12, 6);

    private FullDiskDrill() {}

    public static void main(String[] a) throws Exception {
        Path directory = Path.of(a[0]).toAbsolutePath();
        Machinery machinery = new Machinery(directory, a[1], a[2]);
        Path data = directory.resolve("data");
        try (Machinery.Broker broker = machinery.broker()) {
            Path inTheWay = data.resolve("something-else");
            try (Machinery.Service service = machinery.service(broker.bootstrap(), data)) {
                while (service.code("/readyz") != 200) {
                    Thread.sleep(100);
                }
                fill(inTheWay, Files.getFileStore(data).getUsableSpace() - (66L << 20));
                LoadRun.send(broker.bootstrap(), RUN);
                await(service, "the disk is full");
                System.out.println("when it is full: "
                        + service.status().getJsonObject("history").encode());
                check(service.code("/readyz") == 503, "readyz is " + service.code("/readyz"));
                check(service.code("/api/v1/runs/full/series?metric=loss") == 200, "history cannot be asked");
                check(service.iterations() < RUN.iterations(), "it was never full");
                Files.delete(inTheWay);
                while (service.iterations() < RUN.iterations()) {
                    Thread.sleep(100);
                }
                System.out.println("with room again: "
                        + service.status().getJsonObject("history").encode());
                Thread.sleep(500);
                check(service.code("/readyz") == 200, "readyz is " + service.code("/readyz"));
            }
            CompareWithLog.main(new String[] {broker.bootstrap(), data.toString()});
        }
    }

    private static void await(Machinery.Service service, String problem) throws Exception {
        long begun = System.nanoTime();
        while (!String.valueOf(service.status().getJsonObject("history").getString("problem"))
                .contains(problem)) {
            check(System.nanoTime() - begun < 120_000_000_000L, "the service never said: " + problem);
            Thread.sleep(20);
        }
    }

    private static void fill(Path file, long bytes) throws IOException {
        try (var out = Files.newOutputStream(file)) {
            byte[] block = new byte[1 << 20];
            for (long written = 0; written + block.length <= bytes; written += block.length) {
                out.write(block);
            }
        }
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            System.out.println(otherwise);
            System.exit(1);
        }
    }
}
