package io.gradwatch.benchmarks.drill;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The service is killed twice while a network trains. */
final class ServiceKilled implements Scenario {
    private static final int KILLS = 2;
    private static final int BETWEEN = 150;

    @Override
    public String title() {
        return "The service is killed (SIGKILL) " + KILLS + " times while a network trains";
    }

    @Override
    public Report run(Stage stage) throws Exception {
        Report.Facts facts = new Report.Facts();
        Stage.Service service = stage.up();
        Training training = Training.endless(stage, service, stage.home(), Map.of());
        Watch watch = new Watch(stage, service, List.of(training.run()));
        for (int kill = 1; kill <= KILLS; kill++) {
            watch.awaitHeld(watch.held() + BETWEEN);
            stage.say("killing the service");
            long since = System.nanoTime();
            service.process().destroyForcibly();
            Wait.until(
                    "the old service is gone",
                    Stage.PATIENCE,
                    () -> !service.api().isReady());
            Wait.until("the service is ready again", Stage.PATIENCE, service.api()::isReady);
            double ready = (System.nanoTime() - since) / 1e9;
            Duration caughtUp = watch.awaitCaughtUp(since);
            facts.fact(
                    "kill " + kill,
                    "ready again after %.1f s, the page had caught up after %.1f s",
                    ready,
                    caughtUp.toMillis() / 1e3);
        }
        watch.awaitHeld(watch.held() + BETWEEN);
        training.end(stage, Stage.PATIENCE);
        List<Tally> tallies = watch.count();
        long[] made = Training.madeAndDropped(service.api().run(training.run()));
        facts.fact("the trainer", "made %,d iterations and dropped %,d records", made[0], made[1]);
        facts.must(made[1] == 0, "the trainer dropped records although the broker was there");
        facts.must(made[0] == tallies.get(0).log().size(), "the log does not hold every iteration that was made");
        return facts.report(tallies);
    }
}
