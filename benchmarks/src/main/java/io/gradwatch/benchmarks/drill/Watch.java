package io.gradwatch.benchmarks.drill;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A run, or several, watched in one open page while something breaks; for the thread of the scenario. */
final class Watch {
    private final Stage stage;
    private final Stage.Service service;
    private final OpenPage page;
    private final List<String> runs;

    Watch(Stage stage, Stage.Service service, List<String> runs) {
        this.stage = stage;
        this.service = service;
        this.runs = List.copyOf(runs);
        this.page = stage.page(service.api(), runs);
    }

    OpenPage page() {
        return page;
    }

    /** Waits until the page holds so many iterations of each run. */
    void awaitHeld(long iterations) throws InterruptedException {
        for (String run : runs) {
            Wait.until(
                    "the page holds " + iterations + " iterations of " + run,
                    Stage.PATIENCE,
                    () -> page.held(run) >= iterations);
        }
        stage.say("the page holds %,d iterations", page.held(runs.get(0)));
    }

    long held() {
        return page.held(runs.get(0));
    }

    /**
     * Waits until the page holds all that the log holds at this moment; gives the time from {@code since}, of
     * {@code System.nanoTime}.
     */
    Duration awaitCaughtUp(long since) throws InterruptedException {
        List<Tally> there = new ArrayList<>();
        Wait.until("the log can be read", Stage.PATIENCE, () -> {
            there.clear();
            TheLog.Content content = service.log().read();
            runs.forEach(run -> there.add(new Tally(run, content.of(run), List.of(), 0)));
            return true;
        });
        for (Tally tally : there) {
            Wait.until(
                    "the page has caught up with " + tally.counting() + " iterations of " + tally.run(),
                    Stage.PATIENCE,
                    () -> page.held(tally.run()) >= tally.counting());
        }
        Duration taken = Duration.ofNanos(System.nanoTime() - since);
        stage.say("the page has caught up, %.1f s after the fault", taken.toMillis() / 1e3);
        return taken;
    }

    /** Counts in all three places, once they agree, or after some patience as they are. */
    List<Tally> count() throws IOException, InterruptedException {
        List<Tally> tallies = new ArrayList<>();
        stage.say("counting");
        Wait.whether(Duration.ofMinutes(3), () -> {
            tallies.clear();
            TheLog.Content content = service.log().read();
            for (String run : runs) {
                tallies.add(new Tally(run, content.of(run), service.api().rows(run), page.held(run)));
            }
            return tallies.stream().allMatch(tally -> tally.problems().isEmpty());
        });
        return tallies;
    }
}
