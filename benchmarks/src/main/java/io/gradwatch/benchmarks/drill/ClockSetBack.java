package io.gradwatch.benchmarks.drill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The clock of the service is set back by an hour while a network trains, and then that of the trainer, by libfaketime. */
final class ClockSetBack implements Scenario {
    private static final String BACK = "-3600";
    private static final int BETWEEN = 150;
    private static final String LIBRARY = "libfaketimeMT.so.1";

    @Override
    public String title() {
        return "The clock is set back by an hour, the service's and then the trainer's";
    }

    /** A clock that can be set, for the processes that get its variables. */
    private record Clock(Path setting, Path library) {
        static Clock of(Path directory, String name, Path library) throws IOException {
            Clock clock = new Clock(directory.resolve(name + ".clock"), library);
            clock.set("+0");
            return clock;
        }

        void set(String seconds) throws IOException {
            Path next = setting.resolveSibling(setting.getFileName() + ".next");
            Files.writeString(next, seconds + "\n");
            Files.move(next, setting, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        }

        Map<String, String> variables() {
            return Map.of(
                    "LD_PRELOAD", library.toString(),
                    "FAKETIME_TIMESTAMP_FILE", setting.toString(),
                    "FAKETIME_CACHE_DURATION", "1",
                    // clocks that measure how long something takes go on, as they do on a machine whose time is set
                    "FAKETIME_DONT_FAKE_MONOTONIC", "1",
                    "DONT_FAKE_MONOTONIC", "1");
        }
    }

    private static Optional<Path> library() {
        return Stream.concat(
                        Optional.ofNullable(System.getenv("LIBFAKETIME")).map(Path::of).stream(),
                        Stream.of("/usr/lib/x86_64-linux-gnu/faketime", "/usr/lib/faketime", "/usr/lib64/faketime")
                                .map(folder -> Path.of(folder, LIBRARY)))
                .filter(Files::isReadable)
                .findFirst();
    }

    @Override
    public Report run(Stage stage) throws Exception {
        Optional<Path> library = library();
        if (library.isEmpty()) {
            return Report.skipped(
                    LIBRARY + " is not there: on Debian the package libfaketime brings it, or LIBFAKETIME names it");
        }
        Report.Facts facts = new Report.Facts();
        Clock ofService = Clock.of(stage.directory(), "service", library.get());
        Clock ofTrainer = Clock.of(stage.directory(), "trainer", library.get());
        Cluster cluster = stage.cluster(1);
        Stage.Service service = stage.up(stage.home(), ofService.variables(), "--kafka", cluster.bootstrap());
        Training training = Training.endless(
                stage,
                service,
                stage.directory().resolve("trainer"),
                ofTrainer.variables(),
                "--kafka",
                cluster.bootstrap());
        Watch watch = new Watch(stage, service, List.of(training.run()));
        watch.awaitHeld(BETWEEN);

        for (Clock clock : List.of(ofService, ofTrainer)) {
            String whose = clock.equals(ofService) ? "service" : "trainer";
            stage.say("setting the clock of the %s back by an hour", whose);
            long since = System.nanoTime();
            clock.set(BACK);
            if (clock.equals(ofService)) {
                Wait.until("the service's clock is an hour behind", Stage.PATIENCE, () -> behind(service) > 3_000_000);
            }
            Thread.sleep(3_000);
            Duration caughtUp = watch.awaitCaughtUp(since);
            watch.awaitHeld(watch.held() + BETWEEN);
            String state = service.api().run(training.run()).get("state").asText();
            facts.fact(
                    "the clock of the " + whose,
                    "set back by an hour; the page had caught up %.1f s later, the run was \"%s\"",
                    caughtUp.toMillis() / 1e3,
                    state);
            facts.must(state.equals("running"), "the run was shown as " + state + " although it went on");
        }
        training.end(stage, Stage.PATIENCE);
        List<Tally> tallies = watch.count();
        long[] made = Training.madeAndDropped(service.api().run(training.run()));
        facts.fact("the trainer", "made %,d iterations and dropped %,d records", made[0], made[1]);
        facts.must(
                made[0] == tallies.get(0).log().size() + made[1],
                "the log does not hold every iteration that was made");
        return facts.report(tallies);
    }

    /** Milliseconds that the service's clock is behind this process's. */
    private static long behind(Stage.Service service) throws IOException, InterruptedException {
        String now = service.api().json("/api/v1/status").path("now").asText();
        return System.currentTimeMillis() - java.time.Instant.parse(now).toEpochMilli();
    }
}
