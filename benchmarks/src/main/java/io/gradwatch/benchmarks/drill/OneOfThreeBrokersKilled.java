package io.gradwatch.benchmarks.drill;

import io.gradwatch.listener.publish.Delivery;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** One of three brokers is killed under load, and comes back later. Every topic has three copies, of which two must have a record. */
final class OneOfThreeBrokersKilled implements Scenario {
    private static final int RUNS = 4;
    private static final double PER_SECOND = 20;
    private static final int BETWEEN = 300;

    @Override
    public String title() {
        return "One of three brokers is killed (SIGKILL) under load; three copies of each record, at least two in sync";
    }

    @Override
    public Report run(Stage stage) throws Exception {
        Report.Facts facts = new Report.Facts();
        Cluster cluster = stage.cluster(3);
        Stage.Service service = stage.up(stage.home(), Map.of(), "--kafka", cluster.bootstrap());
        List<Load> loads = stage.loads(cluster.bootstrap(), service.api(), "load", RUNS, PER_SECOND, Load.Shape.SMALL);
        List<String> runs = loads.stream().map(Load::id).toList();
        Watch watch = new Watch(stage, service, runs);
        watch.awaitHeld(BETWEEN);

        stage.say("killing broker 2");
        long since = System.nanoTime();
        cluster.kill(2);
        Thread.sleep(2_000);
        Duration caughtUp = watch.awaitCaughtUp(since);
        facts.fact("without it", "the page had caught up %.1f s after the kill", caughtUp.toMillis() / 1e3);
        watch.awaitHeld(watch.held() + BETWEEN);
        stage.say("starting broker 2 again");
        cluster.revive(2);
        watch.awaitHeld(watch.held() + BETWEEN);

        stage.say("ending the load");
        long offered = 0;
        long delivered = 0;
        for (Load load : loads) {
            Delivery delivery = load.end(Stage.PATIENCE);
            facts.must(delivery.complete(), load.id() + ": " + delivery);
            offered += load.offered();
            delivered += delivery.delivered();
        }
        List<Tally> tallies = watch.count();
        long logged = tallies.stream().mapToLong(tally -> tally.log().size()).sum();
        facts.fact(
                "the load",
                "%d runs, %,d iterations made, %,d acknowledged, %,d in the log",
                RUNS,
                offered,
                delivered,
                logged);
        facts.must(offered == logged, "not every iteration that was made is in the log");
        return facts.report(tallies);
    }
}
