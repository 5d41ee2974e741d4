package io.gradwatch.benchmarks.drill;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** A trainer is killed between two checkpoints, and its run is resumed. */
final class TrainerKilled implements Scenario {
    private static final int EPOCHS = 6;
    /** 5,000 generated images in batches of 50. */
    private static final int STEPS = 100;

    @Override
    public String title() {
        return "The trainer is killed (SIGKILL) between two checkpoints, and the run resumed";
    }

    @Override
    public Report run(Stage stage) throws Exception {
        Report.Facts facts = new Report.Facts();
        Stage.Service service = stage.up();
        Training training = Training.begin(
                stage, service, stage.home(), Map.of(), List.of("--batch", "50", "--epochs", "" + EPOCHS));
        Watch watch = new Watch(stage, service, List.of(training.run()));
        watch.awaitHeld(2 * STEPS + STEPS / 3);
        stage.say("killing the trainer");
        training.process().destroyForcibly();
        training.launcher().exit(Stage.PATIENCE);
        List<Row> first = service.log().of(training.run());
        stage.say("resuming the run");
        long since = System.nanoTime();
        Program resumed = stage.gradwatch("resume", stage.home(), Map.of(), "train", "--resume", "last");
        resumed.await(Pattern.compile("attempt 2 goes on after iteration "), Stage.PATIENCE);
        Wait.until(
                "the second attempt is in the log",
                Stage.PATIENCE,
                () -> service.log().of(training.run()).stream().anyMatch(row -> row.attempt() == 2));
        watch.awaitCaughtUp(since);
        int code = resumed.exit(Stage.PATIENCE);
        Wait.until(
                "the run is finished",
                Stage.PATIENCE,
                () -> service.api().run(training.run()).get("state").asText().equals("finished"));
        List<Tally> tallies = watch.count();
        List<Row> second =
                tallies.get(0).log().stream().filter(row -> row.attempt() == 2).toList();
        facts.must(code == 0, "the resumed training ended with exit code " + code);
        facts.must(
                tallies.get(0).counting() == (long) EPOCHS * STEPS,
                "not every planned iteration counts once: " + tallies.get(0).counting());
        facts.fact(
                "attempts",
                "the first made %,d iterations, the second went on at %,d: %,d were made twice and count once",
                first.size(),
                second.isEmpty() ? -1 : second.get(0).iteration(),
                tallies.get(0).log().size() - tallies.get(0).counting());
        return facts.report(tallies);
    }
}
