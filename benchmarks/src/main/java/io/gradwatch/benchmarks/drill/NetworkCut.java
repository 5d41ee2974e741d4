package io.gradwatch.benchmarks.drill;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Nothing comes through between trainer and broker for a minute; the service reaches the broker all the while. */
final class NetworkCut implements Scenario {
    private static final Duration CUT = Duration.ofSeconds(60);
    private static final int BETWEEN = 150;

    @Override
    public String title() {
        return "The network between trainer and broker is cut for " + CUT.toSeconds() + " s";
    }

    @Override
    public Report run(Stage stage) throws Exception {
        Report.Facts facts = new Report.Facts();
        int port = Cluster.freePort();
        Cluster cluster = stage.cluster(1, port);
        Proxy network = stage.own(new Proxy(port, cluster.outside()));
        Stage.Service service = stage.up(stage.home(), Map.of(), "--kafka", cluster.bootstrap());
        Training training = Training.endless(
                stage, service, stage.directory().resolve("trainer"), Map.of(), "--kafka", "127.0.0.1:" + port);
        Watch watch = new Watch(stage, service, List.of(training.run()));
        watch.awaitHeld(BETWEEN);

        stage.say("cutting the network");
        network.cut();
        Thread.sleep(2_000); // what was under way has arrived
        long before = watch.held();
        Thread.sleep(CUT.toMillis() - 2_000);
        long during = watch.held() - before;
        stage.say("mending the network; %,d iterations came through meanwhile", during);
        network.mend();
        long since = System.nanoTime();
        Wait.until("something comes through again", Stage.PATIENCE, () -> watch.held() > before + during);
        double first = (System.nanoTime() - since) / 1e9;
        Duration caughtUp = watch.awaitCaughtUp(since);
        watch.awaitHeld(watch.held() + BETWEEN);
        training.end(stage, Stage.PATIENCE);

        List<Tally> tallies = watch.count();
        long[] made = Training.madeAndDropped(service.api().run(training.run()));
        facts.must(during == 0, "the network was cut, and yet " + during + " iterations came through");
        facts.fact(
                "after the cut",
                "the first iterations came through after %.1f s, the page had caught up after %.1f s",
                first,
                caughtUp.toMillis() / 1e3);
        facts.fact("the trainer", "made %,d iterations and dropped %,d records", made[0], made[1]);
        facts.must(
                made[0] == tallies.get(0).log().size() + made[1],
                "what the log holds and what was counted as dropped is not all that was made");
        return facts.report(tallies);
    }
}
