package io.gradwatch.benchmarks.drill;

import io.gradwatch.listener.publish.Delivery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Three services share the work; one after the other is ended and started again under load. */
final class RollingRestart implements Scenario {
    private static final int SERVICES = 3;
    /** As many as a comparison shows beside each other. */
    private static final int RUNS = 4;

    private static final double PER_SECOND = 15;
    private static final int BETWEEN = 200;

    @Override
    public String title() {
        return "Each of " + SERVICES + " services that share " + RUNS
                + " runs is restarted under load, one after the other";
    }

    /** One of them, with a port and a directory that stay. */
    private static final class Instance {
        private final Stage stage;
        private final int number;
        private final String kafka;
        private final int port;
        private Program process;

        Instance(Stage stage, int number, String kafka) throws IOException {
            this.stage = stage;
            this.number = number;
            this.kafka = kafka;
            this.port = Cluster.freePort();
            this.process = begin();
        }

        private Program begin() throws IOException {
            Path data = Files.createDirectories(stage.directory().resolve("service-" + number));
            Path shared = Files.createDirectories(stage.directory().resolve("shared"));
            return stage.program(
                    "service-" + number,
                    stage.installation()
                            .service(List.of(
                                    "--kafka",
                                    kafka,
                                    "--data-dir",
                                    data.toString(),
                                    "--config-dir",
                                    shared.toString(),
                                    "--group",
                                    "drill",
                                    "--port",
                                    Integer.toString(port))));
        }

        Api api() {
            return new Api("http://127.0.0.1:" + port);
        }

        Program process() {
            return process;
        }

        void awaitReady() throws InterruptedException {
            Wait.until("service " + number + " is ready", Stage.PATIENCE, () -> {
                if (!process.isAlive()) {
                    throw new IllegalStateException("service " + number + " ended:\n" + process.output());
                }
                return api().isReady();
            });
        }

        void restart() throws IOException, InterruptedException {
            process.terminate();
            int code = process.exit(Stage.PATIENCE);
            stage.say("service %d ended with exit code %d; starting it again", number, code);
            process = begin();
            awaitReady();
        }
    }

    @Override
    public Report run(Stage stage) throws Exception {
        Report.Facts facts = new Report.Facts();
        Cluster cluster = stage.cluster(1);
        List<Instance> instances = new ArrayList<>();
        stage.say("starting %d services", SERVICES);
        for (int i = 1; i <= SERVICES; i++) {
            instances.add(new Instance(stage, i, cluster.bootstrap()));
        }
        for (Instance instance : instances) {
            instance.awaitReady();
        }
        Instance first = instances.get(0);
        List<Load> loads = stage.loads(cluster.bootstrap(), first.api(), "load", RUNS, PER_SECOND, Load.Shape.SMALL);
        List<String> runs = loads.stream().map(Load::id).toList();
        Stage.Service service = new Stage.Service(first.process(), first.api(), cluster.bootstrap());
        Watch watch = new Watch(stage, service, runs);
        watch.awaitHeld(BETWEEN);
        for (Instance instance : instances) {
            stage.say("restarting service %d", instance.number);
            long since = System.nanoTime();
            instance.restart();
            Duration caughtUp = watch.awaitCaughtUp(since);
            facts.fact(
                    "service " + instance.number,
                    "the page, which is open at service 1, had caught up %.1f s after it was told to end",
                    caughtUp.toMillis() / 1e3);
            watch.awaitHeld(watch.held() + BETWEEN);
        }
        long made = 0;
        for (Load load : loads) {
            Delivery delivery = load.end(Stage.PATIENCE);
            facts.must(delivery.complete(), load.id() + ": " + delivery);
            made += load.offered();
        }
        List<Tally> tallies = watch.count();
        long logged = tallies.stream().mapToLong(tally -> tally.log().size()).sum();
        facts.fact("the load", "%d runs, %,d iterations made, %,d in the log", RUNS, made, logged);
        facts.must(made == logged, "not every iteration that was made is in the log");
        return facts.report(tallies);
    }
}
