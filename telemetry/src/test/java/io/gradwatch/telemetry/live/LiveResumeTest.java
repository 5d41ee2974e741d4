package io.gradwatch.telemetry.live;

import static io.gradwatch.telemetry.live.Records.RUN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gradwatch.telemetry.stream.IterationRecord;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No gap and no double, whatever the timing: viewers that come and go, a history that lags behind, rings that overflow. */
class LiveResumeTest {

    /** Follows the rules of docs/api.md for clients, and remembers every violation. */
    private static final class Follower {
        private final LiveServer server;
        private final Random random;
        private long lastSeq = -1;
        private long lastIteration = -1;
        private int frames;
        private int conflated;
        private int generation;
        private boolean awaiting;
        private int gaps;
        private int again;
        private final List<String> violations = new ArrayList<>();
        private TestViewer viewer;

        Follower(LiveServer server, long seed) {
            this.server = server;
            this.random = new Random(seed);
            this.viewer = connect();
        }

        /** Holds no lock while it waits for the connection, since frames of the old one may come in. */
        private TestViewer connect() {
            int mine;
            synchronized (this) {
                mine = ++generation;
            }
            TestViewer fresh = server.viewer();
            fresh.onFrame = frame -> received(mine, fresh, frame);
            fresh.onMessage = message -> received(mine, message);
            subscribe(fresh);
            return fresh;
        }

        private synchronized void subscribe(TestViewer on) {
            awaiting = true;
            on.send(new JsonObject()
                    .put("subscribe", RUN)
                    .put("from", lastSeq + 1)
                    .put("metrics", new JsonArray().add("loss")));
        }

        private synchronized void received(int mine, JsonObject message) {
            if (mine == generation && message.getString("type").equals("subscribed")) {
                awaiting = false;
            }
            if (message.getString("type").equals("error")) {
                violations.add(message.encode());
            }
        }

        private synchronized void received(int mine, TestViewer from, FrameReader frame) {
            if (mine != generation || awaiting) {
                return; // of a connection or a subscription that is given up
            }
            if (frame.prev() != lastSeq) {
                if (frame.seqTo() > lastSeq) {
                    gaps++;
                    subscribe(from);
                }
                return;
            }
            frames++;
            double[] iterations = frame.block("iteration");
            if (frame.conflated()) {
                conflated++;
                lastIteration += (long) frame.block("count")[0];
                if (iterations[0] != lastIteration) {
                    violations.add("conflated up to " + iterations[0] + " instead of " + lastIteration);
                }
            } else {
                for (double iteration : iterations) {
                    if (iteration != ++lastIteration) {
                        violations.add("iteration " + iteration + " instead of " + lastIteration);
                        lastIteration = (long) iteration;
                    }
                }
            }
            lastSeq = frame.seqTo();
        }

        /** One of the things that viewers do; on the test's thread. */
        void act() {
            int dice = random.nextInt(10);
            if (dice < 2) {
                viewer.close();
                viewer = connect();
            } else if (dice < 4) {
                again++;
                subscribe(viewer);
            } else if (dice < 6) {
                viewer.acknowledges = false;
            } else {
                viewer.acknowledges = true;
                viewer.ack(RUN);
            }
        }

        boolean hasAll(long iterations) {
            viewer.acknowledges = true;
            viewer.ack(RUN);
            return iterationsSeen() >= iterations;
        }

        private synchronized long iterationsSeen() {
            return lastIteration + 1;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void everyViewerSeesEveryIterationOnce(long seed) throws Exception {
        // a small ring and small pages, so that history, ring and ticks meet often
        Limits tight = new Limits(64, 16, 0, 60_000, 5, 1000, 4, 1 << 19, 40, 25, 50_000, 512, 32, 30_000);
        Random random = new Random(seed);
        int total = 6000;
        try (LiveServer server = new LiveServer(tight, 6)) {
            server.history.announce(RUN);
            List<Follower> followers = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                followers.add(new Follower(server, seed * 100 + i));
            }
            Follower stalled = followers.get(0);
            stalled.viewer.acknowledges = false; // until the end
            stalled.viewer.awaitMessage("subscribed");
            List<IterationRecord> uncommitted = new ArrayList<>();
            long seq = 0;
            for (int i = 0; i < total; ) {
                List<IterationRecord> batch = new ArrayList<>();
                for (int n = 1 + random.nextInt(30); n > 0 && i < total; n--) {
                    seq += 1 + random.nextInt(4);
                    batch.add(Records.record(seq, i++));
                }
                uncommitted.addAll(batch);
                // history may be ahead of the hub by this batch, or behind it by up to half a ring
                boolean commitFirst = random.nextBoolean();
                if (commitFirst || uncommitted.size() > 30) {
                    server.history.commit(uncommitted);
                    uncommitted.clear();
                }
                server.hub().publish(batch);
                if (random.nextInt(20) == 0) {
                    server.hub().publish(batch); // again
                }
                if (random.nextInt(3) == 0) {
                    Thread.sleep(random.nextInt(8));
                    followers.get(1 + random.nextInt(followers.size() - 1)).act();
                }
            }
            server.history.commit(uncommitted);

            for (Follower follower : followers) {
                await().atMost(Duration.ofSeconds(20))
                        .pollInterval(Duration.ofMillis(20))
                        .until(() -> follower.hasAll(total));
                assertThat(follower.violations).isEmpty();
                assertThat(follower.gaps)
                        .as("frames that did not fit, each the rest of a subscription that another one overtook")
                        .isLessThanOrEqualTo(follower.again);
            }
            assertThat(followers.stream().mapToInt(f -> f.frames).sum()).isGreaterThan(500);
            assertThat(stalled.conflated).as("frames that were conflated").isPositive();
        }
    }
}
