package io.gradwatch.benchmarks.drill;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The embedded broker is killed while a network trains; the launcher starts it again. */
final class BrokerKilled implements Scenario {
    private static final int BETWEEN = 150;

    @Override
    public String title() {
        return "The embedded broker is killed (SIGKILL) while a network trains, and started again by the launcher";
    }

    @Override
    public Report run(Stage stage) throws Exception {
        Report.Facts facts = new Report.Facts();
        Stage.Service service = stage.up();
        Training training = Training.endless(stage, service, stage.home(), Map.of());
        Watch watch = new Watch(stage, service, List.of(training.run()));
        watch.awaitHeld(BETWEEN);
        stage.say("killing the broker");
        long before = service.broker().pid();
        long since = System.nanoTime();
        service.broker().destroyForcibly();
        Wait.until(
                "another broker is there",
                Stage.PATIENCE,
                () -> service.broker().pid() != before);
        Duration caughtUp = watch.awaitCaughtUp(since);
        facts.fact("caught up", "%.1f s after the kill", caughtUp.toMillis() / 1e3);
        watch.awaitHeld(watch.held() + BETWEEN);
        training.end(stage, Stage.PATIENCE);
        List<Tally> tallies = watch.count();
        long[] made = Training.madeAndDropped(service.api().run(training.run()));
        facts.fact("the trainer", "made %,d iterations and dropped %,d records", made[0], made[1]);
        facts.must(
                made[0] == tallies.get(0).log().size() + made[1],
                "what the log holds and what was counted as dropped is not all that was made");
        return facts.report(tallies);
    }
}
