package io.gradwatch.launcher.process;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisedTest {
    private static final Backoff QUICK =
            new Backoff(Duration.ofMillis(10), Duration.ofMillis(40), Duration.ofMinutes(1));

    @TempDir
    Path folder;

    private final List<String> events = new CopyOnWriteArrayList<>();
    private @Nullable Supervised supervised;

    @AfterEach
    void stop() {
        if (supervised != null) {
            supervised.stop(Duration.ofSeconds(5));
        }
    }

    @Test
    void startsAKilledChildAgain() throws Exception {
        Supervised it = supervise("until-end-of-input");
        ChildProcess first = it.ready().get(20, SECONDS);

        first.kill();

        await().until(() -> events.contains("recovered"));
        assertThat(events).containsExactly("died 137 10", "recovered");
        assertThat(it.child()).isNotNull().isNotSameAs(first);
    }

    @Test
    void waitsLongerFromDeathToDeath() throws Exception {
        Supervised it = supervise("until-end-of-input");
        it.ready().get(20, SECONDS).kill();
        await().until(() -> events.size() == 2);
        requireNonNull(it.child()).kill();
        await().until(() -> events.size() == 4);

        assertThat(events).containsExactly("died 137 10", "recovered", "died 137 20", "recovered");
    }

    @Test
    void givesUpOnAChildThatWasNeverReady() throws Exception {
        Supervised it = supervise("exit", "1");

        Exception reason = it.gaveUp().get(20, SECONDS);

        assertThat(reason).isInstanceOfSatisfying(EndedException.class, e -> {
            assertThat(e.exitCode()).isEqualTo(1);
            assertThat(e.lastErrors()).containsExactly("the reason");
        });
        assertThat(it.ready()).isNotDone();
        assertThat(events).isEmpty();
    }

    @Test
    void doesNotRestartWhatItStops() throws Exception {
        Supervised it = supervise("until-end-of-input");
        ChildProcess child = it.ready().get(20, SECONDS);

        assertThat(it.stop(Duration.ofSeconds(20))).isZero();

        assertThat(child.isAlive()).isFalse();
        assertThat(it.child()).isNull();
        assertThat(events).isEmpty();
        assertThat(it.gaveUp()).isNotDone();
    }

    @Test
    void doublesTheWaitUpToTheLongest() {
        Backoff backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(1), Duration.ofMinutes(1));

        assertThat(List.of(1, 2, 3, 4, 1000).stream().map(backoff::before))
                .extracting(Duration::toMillis)
                .containsExactly(200L, 400L, 800L, 1000L, 1000L);
    }

    private Supervised supervise(String... arguments) {
        Supervised.Start start = new Supervised.Start() {
            @Override
            public ChildProcess start() throws IOException {
                return ChildProcess.start(
                        ChildProcessTest.program(arguments),
                        new Output.Logged(folder.resolve("child.log"), line -> {}));
            }

            @Override
            public void awaitReady(ChildProcess child) throws InterruptedException {
                // one that exits by itself ends before this does
                for (int i = 0; i < 40 && child.isAlive() && arguments[0].equals("exit"); i++) {
                    Thread.sleep(250);
                }
            }
        };
        Supervised.Events noted = new Supervised.Events() {
            @Override
            public void died(int exitCode, Duration untilRestart) {
                events.add("died " + exitCode + " " + untilRestart.toMillis());
            }

            @Override
            public void recovered(Duration outage) {
                events.add("recovered");
            }
        };
        Supervised it = Supervised.start("child", start, noted, QUICK);
        supervised = it;
        return it;
    }
}
