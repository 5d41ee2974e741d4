package io.gradwatch.telemetry.drill;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * Kills the service with signal 9 again and again while it reads a long run, each time starts it anew on the same history,
 * and compares history with the log after each kill and at the end, record by record. {@code benchmarks/history-kill.sh} calls it.
 *
 * <p>Arguments: directory for everything, class path of the broker, class path of the service, number of kills.
 * Exit code 1 when history differs.
 */
public final class KillDrill {
    private static final LoadRun.Shape RUN = new LoadRun.Shape("killed", 30_000, 8, 4);
    private static final int LONGEST_MS = 1_500;

    private KillDrill() {}

    public static void main(String[] a) throws Exception {
        Path directory = Files.createDirectories(Path.of(a[0]).toAbsolutePath());
        Machinery machinery = new Machinery(directory, a[1], a[2]);
        int kills = Integer.parseInt(a[3]);
        Path data = directory.resolve("data");
        Random random = new Random();
        try (Machinery.Broker broker = machinery.broker()) {
            try (Machinery.Service service = machinery.service(broker.bootstrap(), data)) {
                while (service.code("/readyz") != 200) { // the service makes the topics
                    Thread.sleep(100);
                }
            }
            Thread producer = new Thread(() -> {
                for (int run = 0; run <= kills / 5; run++) {
                    LoadRun.send(
                            broker.bootstrap(),
                            new LoadRun.Shape(RUN.id() + run, RUN.iterations(), RUN.layers(), RUN.batchNorms()));
                }
            });
            producer.start();
            long before = 0;
            for (int kill = 1; kill <= kills; kill++) {
                Machinery.Service service = machinery.service(broker.bootstrap(), data);
                while (service.status().getJsonObject("ingest").getLong("iterations") <= before) {
                    Thread.sleep(5); // it reads
                }
                int ms = random.nextInt(LONGEST_MS);
                Thread.sleep(ms);
                long read = service.status().getJsonObject("ingest").getLong("iterations");
                service.child().kill();
                System.out.printf("kill %d: %d ms after it began to read, at %,d iterations%n", kill, ms, read);
                CompareWithLog.Result result = CompareWithLog.prefix(broker.bootstrap(), data);
                System.out.println("  " + result);
                if (!result.isEqual()) {
                    System.exit(1);
                }
                before = result.iterations();
            }
            producer.join();
            try (Machinery.Service service = machinery.service(broker.bootstrap(), data)) {
                while (service.code("/readyz") != 200
                        || service.status().getJsonObject("kafka").getLong("lag") > 0) {
                    Thread.sleep(100);
                }
                Thread.sleep(500);
            }
            CompareWithLog.main(new String[] {broker.bootstrap(), data.toString()});
        }
    }
}
