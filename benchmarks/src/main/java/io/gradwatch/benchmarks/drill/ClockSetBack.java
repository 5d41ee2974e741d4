package io.gradwatch.benchmarks.drill;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The clock of the service is set back by an hour while a network trains, and then that of the trainer. */
final class ClockSetBack implements Scenario {
    private static final long BACK = -3_600;
    private static final int BETWEEN = 150;

    @Override
    public String title() {
        return "The clock is set back by an hour, the service's and then the trainer's";
    }

    /**
     * A wall clock that can be set, for the processes that get its variables.
     *
     * @param setting file of the seconds that are added to it
     * @param library made from benchmarks/drills/clock.c
     */
    private record Clock(Path setting, Path library) {
        static Clock of(Path directory, String name, Path library) throws IOException {
            Clock clock = new Clock(directory.resolve(name + ".clock"), library);
            clock.set(0);
            return clock;
        }

        /** Where the file lies in memory elsewhere, it changes there, too. */
        void set(long seconds) throws IOException {
            ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
            bytes.putLong(0, seconds);
            try (FileChannel file = FileChannel.open(setting, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                file.write(bytes, 0);
            }
        }

        Map<String, String> variables() {
            return Map.of("LD_PRELOAD", library.toString(), "DRILL_CLOCK", setting.toString());
        }
    }

    /** Whether the library could be made. */
    private static boolean compile(Path source, Path library) throws InterruptedException {
        try {
            return new ProcessBuilder(
                                    "cc",
                                    "-shared",
                                    "-fPIC",
                                    "-O2",
                                    "-o",
                                    library.toString(),
                                    source.toString(),
                                    "-ldl")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false; // there is none
        }
    }

    @Override
    public Report run(Stage stage) throws Exception {
        Path library = stage.directory().resolve("clock.so");
        if (!compile(stage.installation().root().resolve("benchmarks/drills/clock.c"), library)) {
            return Report.skipped("clocks are set by a small library, which a C compiler (cc) makes for the drill");
        }
        Report.Facts facts = new Report.Facts();
        Clock ofService = Clock.of(stage.directory(), "service", library);
        Clock ofTrainer = Clock.of(stage.directory(), "trainer", library);
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
