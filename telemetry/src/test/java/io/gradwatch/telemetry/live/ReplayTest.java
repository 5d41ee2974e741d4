package io.gradwatch.telemetry.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gradwatch.telemetry.live.Recording.Kind;
import io.gradwatch.telemetry.live.Recording.Mark;
import io.gradwatch.telemetry.stream.IterationRecord;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a viewer of a replay sees, over real connections. */
class ReplayTest {
    private static final String RUN = "run-a";
    private static final String OTHER = "run-b";
    private static final long START = 1_795_449_912_000L;

    private final LiveServer server = new LiveServer();

    @AfterEach
    void stop() {
        server.close();
    }

    private static IterationRecord record(String run, int attempt, long seq, long iteration, long madeAt) {
        return new IterationRecord(
                run,
                attempt,
                0,
                seq,
                START + madeAt,
                Records.iteration(iteration, 2, 1).build());
    }

    /** Iterations from 0 on; sequence numbers have gaps. */
    private static List<IterationRecord> run(String run, int iterations, LongUnaryOperator madeAt) {
        return LongStream.range(0, iterations)
                .mapToObj(i -> record(run, 1, 100 + 3 * i, i, madeAt.applyAsLong(i)))
                .toList();
    }

    private void store(List<IterationRecord> records) {
        server.history.commit(records);
    }

    private void store(int iterations, long everyMs) {
        store(run(RUN, iterations, i -> i * everyMs));
    }

    private static JsonObject replay(String run) {
        return new JsonObject().put("replay", run).put("id", "r");
    }

    private static JsonObject control(String verb) {
        return new JsonObject().put(verb, "r");
    }

    private static boolean isStatus(JsonObject message, String state) {
        return "replay".equals(message.getString("type")) && state.equals(message.getString("state"));
    }

    private static List<Long> range(long from, long to) {
        return LongStream.range(from, to).boxed().toList();
    }

    /** Messages of a type, from the n-th message on. */
    private static List<JsonObject> of(TestViewer viewer, String type) {
        return viewer.messages.stream()
                .filter(m -> type.equals(m.getString("type")))
                .toList();
    }

    private static JsonObject sought(TestViewer viewer, int n) {
        await().atMost(Duration.ofSeconds(10)).until(() -> of(viewer, "sought").size() > n);
        return of(viewer, "sought").get(n).getJsonArray("runs").getJsonObject(0);
    }

    @Nested
    class Playing {
        @Test
        void sendsEveryIterationOnceInTheFramesOfTheLiveStreamAndSaysWhenItEnds() {
            store(3000, 1);
            TestViewer viewer = server.viewer();
            viewer.send(replay(RUN).put("speed", 1000));
            viewer.awaitMessage(m -> isStatus(m, "ended"));
            assertThat(viewer.iterations()).isEqualTo(range(0, 3000));
            JsonObject replaying = viewer.awaitMessage("replaying");
            assertThat(replaying.getString("replay")).isEqualTo("r");
            JsonObject run = replaying.getJsonArray("runs").getJsonObject(0);
            assertThat(run.getJsonObject("run").getString("id")).isEqualTo(RUN);
            assertThat(run.getLong("from")).isZero();
            assertThat(run.getLong("to")).isEqualTo(3000);
            long before = -1;
            for (FrameReader frame : viewer.read()) {
                assertThat(frame.header.getString("replay")).isEqualTo("r");
                assertThat(frame.header.getString("source")).isEqualTo("live");
                assertThat(frame.conflated()).isFalse();
                assertThat(frame.prev()).isEqualTo(before);
                before = frame.seqTo();
            }
        }

        @Test
        void aFrameDiffersFromTheLiveOneInItsHeaderOnly() {
            List<IterationRecord> records = run(RUN, 4, i -> i);
            FrameHead head = new FrameHead(FrameHead.Source.LIVE, -1, 2, 1, 77);
            JsonObject live = new FrameReader(PointsFrame.encode(head, records, MetricSet.DEFAULT)).json();
            store(records);
            TestViewer viewer = server.viewer();
            viewer.send(replay(RUN).put("paused", true));
            viewer.send(control("step").put("iterations", 4));
            viewer.awaitFrames(1);
            JsonObject replayed = viewer.read().get(0).json();
            JsonObject header = replayed.getJsonObject("header");
            assertThat(header.remove("replay")).isEqualTo("r");
            header.put("sentAt", 77);
            assertThat(replayed).isEqualTo(live);
        }

        @Test
        void keepsTheRecordedPace() {
            store(41, 50);
            TestViewer viewer = server.viewer();
            long begun = System.nanoTime();
            viewer.send(replay(RUN).put("speed", 2));
            viewer.awaitMessage(m -> isStatus(m, "ended"));
            long ms = (System.nanoTime() - begun) / 1_000_000;
            assertThat(ms).isBetween(950L, 5000L); // 40 gaps of 50 ms, twice as fast
            assertThat(viewer.frames.size()).isGreaterThan(10);
            assertThat(viewer.iterations()).isEqualTo(range(0, 41));
        }

        @Test
        void shortensTheNightBetweenTwoAttemptsAndShowsThemAsRecorded() {
            List<IterationRecord> records = new ArrayList<>(run(RUN, 100, i -> i));
            long morning = 8 * 3_600_000L;
            for (long i = 50; i < 120; i++) {
                records.add(record(RUN, 2, 1000 + i, i, morning + i));
            }
            store(records);
            TestViewer viewer = server.viewer();
            viewer.send(replay(RUN).put("speed", 100));
            viewer.awaitMessage(m -> isStatus(m, "ended"));
            List<Long> expected = new ArrayList<>(range(0, 100));
            expected.addAll(range(50, 120));
            assertThat(viewer.iterations()).isEqualTo(expected);
            assertThat(viewer.read().stream()
                            .map(f -> f.header.getInteger("attempt"))
                            .distinct())
                    .containsExactly(1, 2);
        }

        @Test
        void playsAsFastAsItCanGoAndTellsTheSpeedReached() {
            store(20_000, 100);
            TestViewer viewer = server.viewer();
            viewer.send(replay(RUN).put("speed", 1000));
            JsonObject status = viewer.awaitMessage(m -> isStatus(m, "playing") && m.getValue("reached") != null);
            assertThat(status.getDouble("speed")).isEqualTo(1000);
            assertThat(status.getDouble("reached")).isBetween(100.0, 1100.0);
        }

        @Test
        void playsARangeAgainAndAgain() {
            store(300, 1);
            TestViewer viewer = server.viewer();
            viewer.send(replay(RUN)
                    .put("speed", 100)
                    .put("from", 100)
                    .put("to", 120)
                    .put("loop", true));
            await().until(() -> of(viewer, "sought").size() >= 3);
            viewer.send(control("stop"));
            viewer.awaitMessage(m -> isStatus(m, "stopped"));
            List<Long> played = viewer.read().stream()
                    .filter(f -> f.header.getString("source").equals("live"))
                    .flatMap(f -> Arrays.stream(f.block("iteration")).boxed())
                    .map(Double::longValue)
                    .toList();
            assertThat(played.subList(0, 40))
                    .isEqualTo(
                            IntStream.range(0, 40).mapToObj(i -> 100L + i % 20).toList());
        }
    }

    @Nested
    class Controlling {
        @Test
        void pausesStepsAndGoesOn() {
            store(1000, 20);
            TestViewer viewer = server.viewer();
            viewer.send(replay(RUN).put("paused", true));
            viewer.awaitMessage(m -> isStatus(m, "paused"));
            viewer.send(control("step").put("iterations", 5));
            await().until(() -> viewer.iterations().size() == 5);
            viewer.send(control("step").put("iterations", -2));
            assertThat(sought(viewer, 1).getLong("iteration")).isEqualTo(2);
            viewer.send(control("speed").put("value", 50));
            viewer.send(control("resume"));
            viewer.awaitMessage(m -> isStatus(m, "ended"));
            List<Long> expected = new ArrayList<>(range(0, 5));
            expected.addAll(range(0, 3)); // the screen again, up to 2
            expected.addAll(range(3, 1000));
            assertThat(viewer.iterations()).isEqualTo(expected);
        }

        @Test
        void aPlaceSoughtComesWithWhatALiveViewerWouldHaveOnTheScreen() {
            List<IterationRecord> records = run(RUN, 5000, i -> i);
            store(records);
            JsonObject epoch = new JsonObject().put("epoch", 0).put("attempt", 1);
            JsonObject pending = new JsonObject().put("id", "x").put("state", "pending");
            JsonObject firing = new JsonObject().put("id", "x").put("state", "firing");
            server.history.marks.put(
                    RUN,
                    List.of(
                            new Mark(1, 474, Kind.EPOCH, "0", epoch),
                            new Mark(1, 2000, Kind.ALERT, "x", pending),
                            new Mark(1, 2500, Kind.ALERT, "x", firing)));
            TestViewer viewer = server.viewer();
            viewer.send(replay(RUN).put("paused", true));
            viewer.awaitMessage(m -> isStatus(m, "paused"));
            viewer.send(control("seek").put("iteration", 2400));
            JsonObject sought = sought(viewer, 1);
            assertThat(sought.getLong("iteration")).isEqualTo(2400);
            assertThat(sought.getJsonObject("older"))
                    .isEqualTo(new JsonObject().put("from", 0).put("to", 1889));
            assertThat(sought.getJsonArray("epochs")).isEqualTo(new JsonArray().add(epoch));
            assertThat(sought.getJsonArray("alerts")).isEqualTo(new JsonArray().add(pending));
            await().until(() -> viewer.iterations().size() == 512);
            assertThat(viewer.iterations()).isEqualTo(range(1889, 2401));
            assertThat(viewer.read().get(0).header.getString("source")).isEqualTo("catchup");
            viewer.send(control("step").put("iterations", 100));
            JsonObject told = viewer.awaitMessage("alert");
            assertThat(told.getJsonObject("alert")).isEqualTo(firing);
            assertThat(told.getString("replay")).isEqualTo("r");
            assertThat(viewer.iterations()).hasSize(612).endsWith(2499L, 2500L);
        }

        @Test
        void alertsAndEpochsComeAfterTheIterationWhereTheyHappened() {
            store(100, 1);
            JsonObject fired = new JsonObject().put("id", "x").put("state", "firing");
            server.history.marks.put(RUN, List.of(new Mark(1, 40, Kind.ALERT, "x", fired)));
            TestViewer viewer = server.viewer();
            viewer.send(replay(RUN).put("paused", true));
            viewer.send(control("step").put("iterations", 40));
            await().until(() -> viewer.iterations().size() == 40);
            viewer.awaitMessage(m -> isStatus(m, "paused")
                    && m.getJsonArray("runs").getJsonObject(0).getValue("iteration") != null);
            assertThat(of(viewer, "alert")).isEmpty();
            viewer.send(control("step"));
            assertThat(viewer.awaitMessage("alert").getJsonObject("alert")).isEqualTo(fired);
        }

        @Test
        void ofAResumedRunThePlaceThatCountsIsSought() {
            List<IterationRecord> records = new ArrayList<>(run(RUN, 100, i -> i));
            for (long i = 50; i < 120; i++) {
                records.add(record(RUN, 2, 1000 + i, i, 200 + i));
            }
            store(records);
            server.history.marks.put(
                    RUN,
                    List.of(
                            new Mark(1, 40, Kind.EPOCH, "0", new JsonObject().put("epoch", 0)),
                            new Mark(1, 80, Kind.EPOCH, "1", new JsonObject().put("epoch", 1))));
            TestViewer viewer = server.viewer();
            viewer.send(replay(RUN).put("paused", true));
            viewer.awaitMessage("sought");
            viewer.send(control("seek").put("iteration", 60));
            JsonObject sought = sought(viewer, 1);
            assertThat(sought.getInteger("attempt")).isEqualTo(2);
            assertThat(sought.getJsonArray("epochs")).hasSize(1);
            await().until(() -> viewer.iterations().size() == 111);
            viewer.send(control("step").put("iterations", -11));
            assertThat(sought(viewer, 2).getInteger("attempt")).isEqualTo(1);
            assertThat(sought(viewer, 2).getLong("iteration")).isEqualTo(49);
        }

        @Test
        void ofManyPlacesSoughtAtOnceTheLastOneHolds() {
            store(5000, 1);
            TestViewer viewer = server.viewer();
            viewer.send(replay(RUN).put("paused", true));
            viewer.awaitMessage("sought");
            for (int i = 1000; i <= 4000; i += 100) {
                viewer.send(control("seek").put("iteration", i));
            }
            await().until(() -> of(viewer, "sought").stream()
                    .anyMatch(m -> Long.valueOf(4000)
                            .equals(m.getJsonArray("runs").getJsonObject(0).getLong("iteration"))));
            await().until(() -> {
                List<Long> all = viewer.iterations();
                return !all.isEmpty() && all.get(all.size() - 1) == 4000;
            });
            assertThat(of(viewer, "sought").size()).isLessThan(32);
        }

        @Test
        void otherBoundsHoldFromThenOn() {
            store(1000, 1);
            TestViewer viewer = server.viewer();
            viewer.send(replay(RUN).put("paused", true).put("speed", 100));
            viewer.awaitMessage("sought");
            viewer.send(control("range").put("from", 10).put("to", 20));
            assertThat(sought(viewer, 1).getLong("iteration")).isEqualTo(9);
            viewer.send(control("resume"));
            viewer.awaitMessage(m -> isStatus(m, "ended"));
            assertThat(viewer.iterations()).isEqualTo(range(0, 20));
            viewer.send(control("resume")); // from the beginning of the range again
            await().until(() -> viewer.iterations().size() == 40);
        }
    }

    @Nested
    class InStep {
        @Test
        void severalRunsGoTogether() {
            store(run(RUN, 200, i -> i * 10));
            store(run(OTHER, 120, i -> i * 1000));
            TestViewer viewer = server.viewer();
            viewer.send(new JsonObject()
                    .put("replay", new JsonArray().add(RUN).add(OTHER))
                    .put("id", "r")
                    .put("paused", true));
            viewer.awaitMessage("sought");
            viewer.send(control("step").put("iterations", 7));
            await().until(() -> viewer.iterations().size() == 14);
            viewer.send(control("seek").put("iteration", 150));
            await().until(() -> of(viewer, "sought").size() == 2);
            JsonArray runs = of(viewer, "sought").get(1).getJsonArray("runs");
            assertThat(runs.getJsonObject(0).getLong("iteration")).isEqualTo(150);
            assertThat(runs.getJsonObject(1).getLong("iteration")).isEqualTo(119); // where it ends
        }

        @Test
        void byEpochTheyMeetAtTheSameShareOfTraining() {
            server.history.iterationsPerEpoch.put(RUN, 10L);
            server.history.iterationsPerEpoch.put(OTHER, 50L);
            store(run(RUN, 100, i -> i * 10));
            store(run(OTHER, 500, i -> i * 2));
            TestViewer viewer = server.viewer();
            viewer.send(new JsonObject()
                    .put("replay", new JsonArray().add(RUN).add(OTHER))
                    .put("id", "r")
                    .put("align", "epoch")
                    .put("paused", true));
            viewer.awaitMessage("sought");
            viewer.send(control("seek").put("iteration", 19));
            await().until(() -> of(viewer, "sought").size() == 2);
            JsonArray runs = of(viewer, "sought").get(1).getJsonArray("runs");
            assertThat(runs.getJsonObject(1).getLong("iteration")).isEqualTo(99);
        }

        @Test
        void byWallTimeTheyMeetAtTheSameTimeSinceTheyBegan() {
            store(run(RUN, 100, i -> i * 10));
            store(run(OTHER, 100, i -> 1_000_000 + i * 30));
            TestViewer viewer = server.viewer();
            viewer.send(new JsonObject()
                    .put("replay", new JsonArray().add(RUN).add(OTHER))
                    .put("id", "r")
                    .put("align", "wall")
                    .put("paused", true));
            viewer.awaitMessage("sought");
            viewer.send(control("seek").put("iteration", 61));
            await().until(() -> of(viewer, "sought").size() == 2);
            JsonArray runs = of(viewer, "sought").get(1).getJsonArray("runs");
            assertThat(runs.getJsonObject(1).getLong("iteration")).isEqualTo(20);
        }
    }

    @Nested
    class BesideOthers {
        @Test
        void aReplayTouchesNeitherLiveViewersNorOtherReplays() {
            store(run(OTHER, 1000, i -> i * 1000));
            server.publish(run(RUN, 100, i -> i));
            TestViewer live = server.viewer();
            live.subscribe(RUN);
            await().until(() -> live.iterations().size() == 100);
            TestViewer viewer = server.viewer();
            viewer.subscribe(RUN);
            viewer.send(replay(RUN).put("speed", 1000));
            viewer.send(new JsonObject()
                    .put("replay", RUN)
                    .put("id", "second")
                    .put("from", 90)
                    .put("paused", true));
            viewer.send(new JsonObject().put("replay", OTHER).put("id", "third").put("paused", true));
            viewer.awaitMessage(m -> isStatus(m, "ended"));
            server.publish(List.of(record(RUN, 1, 9000, 100, 500)));
            await().until(() -> live.iterations().size() == 101);
            await().until(() -> viewer.read().stream()
                            .filter(f -> f.header.getString("replay") == null)
                            .mapToInt(f -> f.block("iteration").length)
                            .sum()
                    == 101);
            assertThat(live.read()).allMatch(f -> f.header.getString("replay") == null);
            assertThat(live.messages).noneMatch(m -> m.containsKey("replay"));
            assertThat(viewer.read().stream()
                            .filter(f -> "r".equals(f.header.getString("replay")))
                            .mapToInt(f -> f.block("iteration").length)
                            .sum())
                    .isEqualTo(100);
            assertThat(viewer.read().stream()
                            .filter(f -> "second".equals(f.header.getString("replay")))
                            .mapToInt(f -> f.block("iteration").length)
                            .sum())
                    .isEqualTo(90); // the screen before 90
        }

        @Test
        void aViewerWhoTakesNothingHoldsItUpAndNothingIsReadForHim() {
            store(20_000, 1);
            TestViewer viewer = server.stalledViewer();
            viewer.send(replay(RUN).put("speed", 1000));
            viewer.awaitFrames(4);
            await().during(Duration.ofMillis(500)).until(() -> viewer.frames.size() == 4);
            assertThat(server.history.read.get()).isLessThan(6000);
            viewer.acknowledges = true;
            for (int i = 0; i < 4; i++) {
                viewer.send(new JsonObject().put("ack", RUN).put("replay", "r"));
            }
            viewer.awaitMessage(m -> isStatus(m, "ended"));
            assertThat(viewer.iterations()).isEqualTo(range(0, 20_000));
        }

        @Test
        void onRequestThePaceIsKeptAndASlowViewerGetsOnePointForManyWithTheirExtremes() {
            store(20_000, 1);
            TestViewer viewer = server.stalledViewer();
            viewer.send(replay(RUN).put("speed", 1000).put("conflate", true));
            viewer.awaitFrames(4);
            await().until(() -> server.history.read.get() >= 20_000);
            viewer.acknowledges = true;
            viewer.send(new JsonObject().put("ack", RUN).put("replay", "r"));
            viewer.awaitMessage(m -> isStatus(m, "ended"));
            FrameReader last = viewer.read().get(viewer.frames.size() - 1);
            assertThat(last.conflated()).isTrue();
            double count = last.block("count")[0];
            assertThat(count).isGreaterThan(10_000);
            assertThat(last.block("iteration")[0]).isEqualTo(19_999);
            assertThat(last.block("loss.max")[0]).isEqualTo(4.5f - (20_000 - (float) count) / 1000f);
        }

        @Test
        void whatHeHasNoRoomForIsRefused() {
            store(10, 1);
            TestViewer viewer = server.viewer();
            for (int i = 0; i < 8; i++) {
                viewer.send(new JsonObject().put("replay", RUN).put("paused", true));
            }
            await().until(() -> of(viewer, "replaying").size() == 8);
            viewer.send(new JsonObject().put("replay", RUN));
            JsonObject problem = viewer.awaitMessage("error").getJsonObject("problem");
            assertThat(problem.getString("detail")).contains("replays 8 runs already", "stop a replay first");
            viewer.send(new JsonObject().put("stop", "replay-1"));
            viewer.awaitMessage(m -> isStatus(m, "stopped"));
            viewer.send(new JsonObject().put("replay", RUN));
            await().until(() -> of(viewer, "replaying").size() == 9);
        }

        @Test
        void allViewersTogetherHaveALimitThatAClosedConnectionGivesBack() {
            store(10, 1);
            List<TestViewer> viewers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                TestViewer viewer = server.viewer();
                viewers.add(viewer);
                for (int n = 0; n < 8; n++) {
                    viewer.send(new JsonObject().put("replay", RUN).put("paused", true));
                }
                await().until(() -> of(viewer, "replaying").size() == 8);
            }
            TestViewer late = server.viewer();
            late.send(replay(RUN));
            JsonObject problem = late.awaitMessage("error").getJsonObject("problem");
            assertThat(problem.getInteger("status")).isEqualTo(503);
            viewers.get(0).close();
            await().until(() -> server.hub().viewers() == 4);
            late.send(replay(RUN));
            late.awaitMessage(m -> isStatus(m, "ended"));
        }
    }

    @Nested
    class BadInput {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "{\"replay\":\"nobody\"} | run | there is no run",
                    "{\"replay\":\"empty\"} | replay | has no iterations",
                    "{\"replay\":[]} | replay | 1 to 8 runs",
                    "{\"replay\":7} | replay | a run's id",
                    "{\"replay\":[\"run-a\",\"run-a\"]} | replay | twice",
                    "{\"replay\":\"run-a\",\"speed\":0} | speed | 0.1 to 1000",
                    "{\"replay\":\"run-a\",\"speed\":1e9} | speed | 0.1 to 1000",
                    "{\"replay\":\"run-a\",\"speed\":\"fast\"} | speed | recorded",
                    "{\"replay\":\"run-a\",\"from\":1000} | from | 0 to 999",
                    "{\"replay\":\"run-a\",\"from\":-1} | from | whole number",
                    "{\"replay\":\"run-a\",\"from\":5,\"to\":5} | to | excludes its end",
                    "{\"replay\":\"run-a\",\"to\":1001} | to | 0 to 1000",
                    "{\"replay\":\"run-a\",\"align\":\"size\"} | align | iteration, epoch or wall",
                    "{\"replay\":\"run-a\",\"loop\":1} | loop | true or false",
                    "{\"replay\":\"run-a\",\"metrics\":[\"luck\"]} | metrics | luck",
                    "{\"replay\":\"run-a\",\"id\":\"r\"} | id | already",
                    "{\"pause\":\"nobody\"} | pause | no replay \"nobody\"",
                    "{\"range\":\"nobody\"} | range | no replay \"nobody\"",
                    "{\"seek\":\"r\",\"iteration\":1000} | iteration | 0 to 999",
                    "{\"seek\":\"r\",\"iteration\":1.5} | iteration | whole number",
                    "{\"seek\":\"r\"} | iteration | missing",
                    "{\"speed\":\"r\",\"value\":0} | value | 0.1 to 1000",
                    "{\"speed\":\"r\",\"value\":1e9} | value | 0.1 to 1000",
                    "{\"speed\":\"r\"} | value | 0.1 to 1000",
                    "{\"step\":\"r\",\"iterations\":0} | iterations | -1000 to 1000",
                    "{\"step\":\"r\",\"iterations\":100000} | iterations | -1000 to 1000",
                    "{\"range\":\"r\",\"from\":5000} | from | 0 to 999",
                    "{\"resume\":[]} | resume | the id of a replay",
                    "{\"replay\":\"run-a\" | message | not a JSON object",
                    "{\"rewind\":\"r\"} | message | seek",
                })
        void isAnsweredWithWhatIsWrongAndWhatIsAccepted(String message, String parameter, String words) {
            store(1000, 1);
            server.history.announce("empty");
            TestViewer viewer = server.viewer();
            viewer.send(replay(RUN).put("paused", true));
            viewer.awaitMessage("sought");
            viewer.sendText(message);
            JsonObject problem = viewer.awaitMessage("error").getJsonObject("problem");
            assertThat(problem.getString("parameter")).isEqualTo(parameter);
            assertThat(problem.getString("detail")).contains(words);
            viewer.send(control("step"));
            viewer.awaitFrames(1); // the replay and the connection go on
            assertThat(viewer.closed).isFalse();
        }

        @Test
        void aHistoryThatFailsEndsTheReplayWithAProblem() {
            store(1000, 1000);
            TestViewer viewer = server.viewer();
            viewer.send(replay(RUN).put("paused", true));
            viewer.awaitMessage("sought");
            server.history.broken = true;
            viewer.send(control("seek").put("iteration", 500));
            JsonObject problem = viewer.awaitMessage("error").getJsonObject("problem");
            assertThat(problem.getInteger("status")).isEqualTo(500);
            server.history.broken = false;
            viewer.send(control("resume"));
            viewer.awaitMessage(m -> m.getString("type").equals("error")
                    && m.getJsonObject("problem").getInteger("status") == 404);
        }
    }
}
