package io.gradwatch.telemetry.live;

import static io.gradwatch.telemetry.live.Records.RUN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.telemetry.stream.IterationRecord;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What viewers see, over real connections. */
class LiveHubTest {
    private final LiveServer server = new LiveServer();
    private long next;

    @AfterEach
    void stop() {
        server.close();
    }

    /** The next iterations of the run; sequence numbers have gaps, as in a partition that runs share. */
    private List<IterationRecord> iterations(int count) {
        long from = next;
        next += count;
        return LongStream.range(from, next)
                .mapToObj(i -> Records.record(seq(i), i))
                .toList();
    }

    private static long seq(long iteration) {
        return 100 + 3 * iteration;
    }

    private void publish(int count) {
        server.publish(iterations(count));
    }

    /** Publishes until the viewer has got so many frames: nothing is sent in a tick without news. */
    private void publishUntilFrames(TestViewer viewer, int frames) {
        await().pollInterval(Duration.ofMillis(20))
                .atMost(Duration.ofSeconds(10))
                .until(() -> {
                    publish(1);
                    return viewer.frames.size() >= frames;
                });
    }

    @Nested
    class Subscribing {
        @Test
        void answersWithTheRunAndTheNewestIterationsAndGoesOnLive() {
            publish(1000);
            TestViewer viewer = server.viewer();

            viewer.subscribe(RUN);

            JsonObject subscribed = viewer.awaitMessage("subscribed");
            assertThat(subscribed.getJsonObject("run").getString("id")).isEqualTo(RUN);
            assertThat(subscribed.getJsonArray("layers")).hasSize(1);
            await().until(() -> viewer.iterations().size() >= 512);
            assertThat(viewer.read().get(0).header.getString("source")).isEqualTo("catchup");
            assertThat(viewer.read().get(0).prev()).isEqualTo(-1);
            publish(5);
            await().until(() -> viewer.iterations().size() >= 517);
            assertThat(viewer.iterations())
                    .isEqualTo(LongStream.range(488, 1005).boxed().toList());
            FrameReader last = viewer.read().get(viewer.frames.size() - 1);
            assertThat(last.header.getString("source")).isEqualTo("live");
            assertThat(last.seqTo()).isEqualTo(seq(1004));
        }

        @Test
        void goesBackBeyondTheMemoryIntoHistory() {
            server.history.commit(iterations(3000));
            publish(1500);
            TestViewer viewer = server.viewer();

            viewer.send(new JsonObject()
                    .put("subscribe", RUN)
                    .put("backfill", 4000)
                    .put("metrics", new JsonArray().add("loss")));

            await().until(() -> viewer.iterations().size() >= 4000);
            assertThat(viewer.iterations())
                    .isEqualTo(LongStream.range(500, 4500).boxed().toList());
        }

        @Test
        void showsARunThatHasEndedFromHistoryAlone() {
            server.history.commit(iterations(700));
            TestViewer viewer = server.viewer();

            viewer.subscribe(RUN);

            await().until(() -> viewer.iterations().size() >= 512);
            assertThat(viewer.iterations())
                    .isEqualTo(LongStream.range(188, 700).boxed().toList());
        }

        @Test
        void startsWithTheNextIterationWhenNoneOfThePastIsWanted() {
            publish(100);
            TestViewer viewer = server.viewer();

            viewer.send(new JsonObject().put("subscribe", RUN).put("backfill", 0));
            viewer.awaitMessage("subscribed");
            publishUntilFrames(viewer, 1);

            assertThat(viewer.iterations()).first().isEqualTo(100L);
            assertThat(viewer.read().get(0).prev())
                    .as("the viewer has seen nothing before")
                    .isEqualTo(-1);
        }

        @Test
        void sendsTheMetricsAskedForUnderTheNamesAskedFor() {
            publish(3);
            TestViewer viewer = server.viewer();

            viewer.send(new JsonObject()
                    .put("subscribe", RUN)
                    .put(
                            "metrics",
                            new JsonArray().add("loss").add("bn.batch_mean").add("bn.gamma_min")));

            viewer.awaitFrames(1);
            assertThat(viewer.read().get(0).blocks.keySet())
                    .containsExactly("iteration", "epoch", "loss", "bn.batch_mean", "bn.gamma_min", "flags");
        }

        @Test
        void splitsFramesWhereAnAttemptEnds() {
            server.publish(List.of(Records.record(RUN, 1, 10, 0), Records.record(RUN, 1, 11, 1)));
            server.publish(List.of(Records.record(RUN, 2, 12, 1), Records.record(RUN, 2, 13, 2)));
            TestViewer viewer = server.viewer();

            viewer.subscribe(RUN);

            viewer.awaitFrames(2);
            assertThat(viewer.read())
                    .extracting(f -> f.header.getInteger("attempt"))
                    .containsExactly(1, 2);
            assertThat(viewer.iterations()).containsExactly(0L, 1L, 1L, 2L);
        }

        @Test
        void ignoresRecordsThatArePublishedAgain() {
            publish(10);
            TestViewer viewer = server.viewer();
            viewer.subscribe(RUN);
            await().until(() -> viewer.iterations().size() >= 10);

            next = 5;
            publish(10);
            publish(1);

            await().until(() -> viewer.iterations().size() >= 16);
            assertThat(viewer.iterations())
                    .isEqualTo(LongStream.range(0, 16).boxed().toList());
        }

        @Test
        void stopsWhenUnsubscribed() throws Exception {
            publish(10);
            TestViewer viewer = server.viewer();
            viewer.subscribe(RUN);
            viewer.awaitFrames(1);

            viewer.send(new JsonObject().put("unsubscribe", RUN));
            viewer.awaitMessage("heartbeat");
            Thread.sleep(100);
            int before = viewer.frames.size();
            publish(10);
            server.hub().runChanged(RUN, new JsonObject().put("id", RUN));
            Thread.sleep(200);

            assertThat(viewer.frames).hasSize(before);
            assertThat(viewer.messages).noneMatch(m -> m.getString("type").equals("run"));
        }
    }

    @Nested
    class Sharing {
        @Test
        void givesTheSameBytesToAllViewersOfTheSameMetrics() {
            publish(10);
            TestViewer one = server.viewer();
            TestViewer two = server.viewer();
            one.subscribe(RUN);
            two.subscribe(RUN);
            one.awaitFrames(1);
            two.awaitFrames(1);

            publishUntilFrames(one, 6);
            two.awaitFrames(5);

            // the first live frames could follow a different past
            assertThat(two.frames.get(4)).isIn(one.frames);
            assertThat(two.frames.get(3)).isIn(one.frames);
        }

        @Test
        void sendsAtMostTwentyFramesASecond() throws Exception {
            publish(1);
            TestViewer viewer = server.viewer();
            viewer.subscribe(RUN);
            viewer.awaitFrames(1);
            viewer.frames.clear();

            long start = System.nanoTime();
            while (System.nanoTime() - start < 1_000_000_000L) {
                publish(1);
                Thread.sleep(2);
            }
            double seconds = (System.nanoTime() - start) / 1e9;

            assertThat(viewer.frames.size()).isBetween(5, (int) (20 * seconds) + 2);
            assertThat(viewer.read()).allMatch(frame -> !frame.conflated());
        }

        @Test
        void servesTwoHundredViewers() {
            publish(1);
            List<TestViewer> viewers = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                TestViewer viewer = server.viewer();
                viewers.add(viewer);
                viewer.send(new JsonObject().put("subscribe", RUN).put("metrics", new JsonArray().add("loss")));
            }
            await().until(() -> server.hub().viewers() == 200);
            viewers.forEach(viewer -> viewer.awaitFrames(1));

            for (int i = 0; i < 20; i++) {
                publish(1);
                await().pollDelay(Duration.ofMillis(20)).until(() -> true);
            }

            for (TestViewer viewer : viewers) {
                await().until(() -> viewer.read().get(viewer.frames.size() - 1).seqTo() == seq(20));
                viewer.close();
            }
            await().until(() -> server.hub().viewers() == 0);
        }
    }

    @Nested
    class Credit {
        @Test
        void letsFourFramesGoUnacknowledgedThenConflatesTheRestIntoOne() {
            publish(1);
            TestViewer stalled = server.stalledViewer();
            TestViewer quick = server.viewer();
            stalled.subscribe(RUN);
            quick.subscribe(RUN);
            stalled.awaitFrames(1);
            publishUntilFrames(stalled, 4);
            long seen = last(stalled).seqTo();
            int missed = 2000;
            for (int i = 0; i < missed / 100; i++) {
                publish(100);
                await().until(() -> {
                    FrameReader frame = last(quick);
                    return frame.seqTo() == seq(next - 1);
                });
            }
            assertThat(stalled.frames).hasSize(4);

            stalled.ack(RUN);

            stalled.awaitFrames(5);
            FrameReader frame = last(stalled);
            assertThat(frame.conflated()).isTrue();
            assertThat(frame.prev()).isEqualTo(seen);
            assertThat(frame.seqTo()).isEqualTo(seq(next - 1));
            long first = (seen - 100) / 3 + 1;
            assertThat(frame.block("count")).containsExactly(next - first);
            assertThat(frame.block("iteration")).containsExactly(next - 1);
            assertThat(frame.block("gradient.mean_abs.min")[0]).isEqualTo(first);
            assertThat(frame.block("gradient.mean_abs.max")[0]).isEqualTo(next - 1);
            assertThat(quick.iterations())
                    .as("the other viewer saw everything meanwhile")
                    .isEqualTo(LongStream.range(0, next).boxed().toList());
            assertThat(quick.read()).noneMatch(FrameReader::conflated);
        }

        @Test
        void conflatesEveryAttemptByItself() {
            Conflation first = new Conflation(MetricSet.DEFAULT);
            first.add(Records.record(RUN, 1, 10, 500));

            assertThat(first.takes(Records.record(RUN, 1, 11, 501))).isTrue();
            assertThat(first.takes(Records.record(RUN, 2, 12, 300))).isFalse();
        }

        @Test
        void goesOnUnconflatedAfterwards() {
            publish(1);
            TestViewer viewer = server.stalledViewer();
            viewer.subscribe(RUN);
            viewer.awaitFrames(1);
            publishUntilFrames(viewer, 4);
            publish(10);
            for (int i = 0; i < 4; i++) {
                viewer.ack(RUN);
            }
            viewer.awaitFrames(5);
            viewer.acknowledges = true;
            viewer.ack(RUN);

            publishUntilFrames(viewer, 8);

            List<FrameReader> frames = viewer.read();
            assertThat(frames.subList(5, 8)).noneMatch(FrameReader::conflated);
            for (int i = 1; i < frames.size(); i++) {
                assertThat(frames.get(i).prev()).isEqualTo(frames.get(i - 1).seqTo());
            }
        }

        @Test
        void holdsTheMemoryOfAConflationWhateverItsLength() {
            Conflation conflation = new Conflation(MetricSet.DEFAULT);
            Runtime runtime = Runtime.getRuntime();
            for (int i = 0; i < 100; i++) {
                conflation.add(big(i));
            }
            System.gc();
            long before = runtime.totalMemory() - runtime.freeMemory();

            for (int i = 100; i < 30_000; i++) {
                conflation.add(big(i));
            }

            System.gc();
            long grown = runtime.totalMemory() - runtime.freeMemory() - before;
            assertThat(grown)
                    .as("29,900 records that were kept would be far more")
                    .isLessThan(10_000_000L);
            assertThat(new FrameReader(conflation.drain(-1, 0)).block("count")).containsExactly(30_000);
        }

        private IterationRecord big(int i) {
            return new IterationRecord(
                    RUN, 1, 0, i, i, Records.iteration(i, 38, 0).build());
        }

        @Test
        void cutsAConnectionThatTakesNothingForLong() throws IOException {
            Limits impatient = new Limits(1024, 256, 16, 60_000, 50, 1000, 4, 1 << 19, 512, 512, 5000, 512, 32, 1500);
            Iteration wide = Records.iteration(0, 3000, 0).build();
            try (LiveServer other = new LiveServer(impatient, 0);
                    Socket frozen = new Socket()) {
                other.publish(LongStream.range(0, 300)
                        .mapToObj(i -> new IterationRecord(
                                RUN,
                                1,
                                0,
                                i,
                                i,
                                wide.toBuilder().setIteration(i).build()))
                        .toList());
                frozen.setReceiveBufferSize(4096);
                frozen.connect(new InetSocketAddress("127.0.0.1", other.port()));
                OutputStream out = frozen.getOutputStream();
                out.write(
                        ("GET /api/v1/live HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                await().until(() -> other.hub().viewers() == 1);
                sendMasked(out, "{\"subscribe\":\"" + RUN + "\",\"backfill\":300}");

                // claims that it has drawn frames, but takes nothing from the network
                await().atMost(Duration.ofSeconds(15)).until(() -> {
                    try {
                        for (int i = 0; i < 10; i++) {
                            sendMasked(out, "{\"ack\":\"" + RUN + "\"}");
                        }
                    } catch (IOException cut) {
                        assertThat(other.hub().viewers()).isZero();
                    }
                    return other.hub().viewers() == 0;
                });
            }
        }

        /** A text message of less than 126 bytes as RFC 6455 has it, masked with zeros. */
        private void sendMasked(OutputStream out, String text) throws IOException {
            byte[] payload = text.getBytes(StandardCharsets.US_ASCII);
            byte[] frame = new byte[6 + payload.length];
            frame[0] = (byte) 0x81;
            frame[1] = (byte) (0x80 | payload.length);
            System.arraycopy(payload, 0, frame, 6, payload.length);
            out.write(frame);
        }

        private FrameReader last(TestViewer viewer) {
            return new FrameReader(viewer.frames.get(viewer.frames.size() - 1));
        }
    }

    @Nested
    class Resuming {
        @Test
        void sendsWhatWasMissedOnceAndNothingTwice() {
            publish(100);
            TestViewer viewer = server.viewer();

            viewer.subscribe(RUN, seq(60) + 1);

            await().until(() -> viewer.iterations().size() >= 39);
            publish(1);
            await().until(() -> viewer.iterations().size() >= 40);
            assertThat(viewer.iterations())
                    .isEqualTo(LongStream.range(61, 101).boxed().toList());
            assertThat(viewer.read().get(0).prev()).isEqualTo(seq(60));
        }

        @Test
        void takesASequenceNumberThatNoRecordHas() {
            publish(10);
            TestViewer viewer = server.viewer();

            viewer.subscribe(RUN, seq(9) + 2);
            viewer.awaitMessage("subscribed");
            publish(1);

            viewer.awaitFrames(1);
            assertThat(viewer.read().get(0).prev())
                    .as("the sequence number before the one asked for")
                    .isEqualTo(seq(9) + 1);
            assertThat(viewer.iterations()).containsExactly(10L);
        }

        @Test
        void startsAnewAfterMoreThanFiveThousandMissedIterations() {
            server.history.commit(iterations(5500));
            publish(1500);
            TestViewer viewer = server.viewer();

            viewer.subscribe(RUN, seq(1000));

            JsonObject reset = viewer.awaitMessage("reset");
            assertThat(reset.getString("run")).isEqualTo(RUN);
            await().until(() -> viewer.iterations().size() >= 512);
            assertThat(viewer.iterations())
                    .isEqualTo(LongStream.range(7000 - 512, 7000).boxed().toList());
            assertThat(viewer.read().get(0).prev()).isEqualTo(reset.getLong("seq"));
        }

        @Test
        void doesNotStartAnewAfterExactlyFiveThousand() {
            server.history.commit(iterations(5500));
            publish(1500);
            TestViewer viewer = server.viewer();

            viewer.send(new JsonObject()
                    .put("subscribe", RUN)
                    .put("from", seq(2000))
                    .put("metrics", new JsonArray().add("loss")));

            await().until(() -> viewer.iterations().size() >= 5000);
            assertThat(viewer.iterations())
                    .isEqualTo(LongStream.range(2000, 7000).boxed().toList());
            assertThat(viewer.messages).noneMatch(m -> m.getString("type").equals("reset"));
        }
    }

    @Nested
    class Telling {
        @Test
        void tellsEpochsAndAlertsToTheViewersOfTheRun() {
            publish(1);
            TestViewer viewer = server.viewer();
            TestViewer stranger = server.viewer();
            viewer.subscribe(RUN);
            viewer.awaitFrames(1);

            server.hub().epoch(RUN, new JsonObject().put("epoch", 3));
            server.hub().alert(RUN, new JsonObject().put("id", "a").put("runId", RUN));

            assertThat(viewer.awaitMessage("epoch"))
                    .isEqualTo(new JsonObject()
                            .put("type", "epoch")
                            .put("run", RUN)
                            .put("epoch", new JsonObject().put("epoch", 3)));
            assertThat(viewer.awaitMessage("alert").getJsonObject("alert").getString("id"))
                    .isEqualTo("a");
            stranger.awaitMessage("heartbeat");
            assertThat(stranger.messages).allMatch(m -> m.getString("type").equals("heartbeat"));
        }

        @Test
        void tellsChangesOfAllRunsAtMostOnceASecondAndTheLastOneAlways() throws Exception {
            TestViewer viewer = server.viewer();
            viewer.send(new JsonObject().put("subscribe", "*"));
            viewer.awaitMessage("heartbeat");

            long start = System.nanoTime();
            for (int i = 0; i < 150; i++) {
                server.hub().runChanged(RUN, new JsonObject().put("id", RUN).put("iteration", i));
                Thread.sleep(10);
            }
            double seconds = (System.nanoTime() - start) / 1e9;

            viewer.awaitMessage(m ->
                    m.getString("type").equals("run") && m.getJsonObject("run").getInteger("iteration") == 149);
            assertThat(viewer.messages.stream()
                            .filter(m -> m.getString("type").equals("run"))
                            .count())
                    .isBetween(2L, (long) seconds + 2);
        }

        @Test
        void stopsTellingOfAllRunsWhenUnsubscribed() throws Exception {
            TestViewer viewer = server.viewer();
            viewer.send(new JsonObject().put("subscribe", "*"));
            viewer.send(new JsonObject().put("unsubscribe", "*"));
            viewer.awaitMessage("heartbeat");

            server.hub().runChanged(RUN, new JsonObject().put("id", RUN));
            Thread.sleep(200);

            assertThat(viewer.messages).allMatch(m -> m.getString("type").equals("heartbeat"));
        }

        @Test
        void tellsADeletionOnceToTheViewersOfTheRunAndToThoseOfAllRuns() {
            publish(1);
            TestViewer both = server.viewer();
            TestViewer ofAll = server.viewer();
            TestViewer ofTheRun = server.viewer();
            TestViewer stranger = server.viewer();
            both.subscribe(RUN);
            both.send(new JsonObject().put("subscribe", "*"));
            ofTheRun.subscribe(RUN);
            ofAll.send(new JsonObject().put("subscribe", "*"));
            for (TestViewer viewer : List.of(both, ofAll, ofTheRun, stranger)) {
                viewer.awaitMessage("heartbeat");
            }
            both.awaitFrames(1);
            ofTheRun.awaitFrames(1);

            server.hub().runDeleted(RUN);
            server.hub().runDeleted("another");

            JsonObject deleted = new JsonObject().put("type", "deleted").put("run", RUN);
            JsonObject another = new JsonObject().put("type", "deleted").put("run", "another");
            assertThat(ofTheRun.awaitMessage("deleted")).isEqualTo(deleted);
            both.awaitMessage(another::equals);
            ofAll.awaitMessage(another::equals);
            assertThat(deletions(both)).containsExactly(deleted, another);
            assertThat(deletions(ofAll)).containsExactly(deleted, another);
            awaitAnotherHeartbeat(ofTheRun);
            awaitAnotherHeartbeat(stranger);
            assertThat(deletions(ofTheRun)).containsExactly(deleted);
            assertThat(deletions(stranger)).isEmpty();
        }

        @Test
        void tellsNothingMoreOfADeletedRunNotEvenWhatWaitedToBeTold() {
            publish(1);
            TestViewer viewer = server.viewer();
            viewer.subscribe(RUN);
            viewer.send(new JsonObject().put("subscribe", "*"));
            viewer.awaitMessage("heartbeat");
            viewer.awaitFrames(1);

            server.hub().runChanged(RUN, new JsonObject().put("id", RUN).put("iteration", 1));
            server.hub().runChanged(RUN, new JsonObject().put("id", RUN).put("iteration", 2));
            server.hub().runDeleted(RUN);
            viewer.awaitMessage("deleted");
            int frames = viewer.frames.size();
            publish(5);
            // the change that waited would be told a second after the first
            awaitAnotherHeartbeat(viewer);
            awaitAnotherHeartbeat(viewer);

            assertThat(viewer.messages.stream()
                            .map(m -> m.getString("type"))
                            .filter(type -> !type.equals("heartbeat") && !type.equals("subscribed")))
                    .containsExactly("run", "deleted");
            assertThat(viewer.frames).hasSize(frames);
        }

        private List<JsonObject> deletions(TestViewer viewer) {
            return viewer.messages.stream()
                    .filter(m -> m.getString("type").equals("deleted"))
                    .toList();
        }

        private void awaitAnotherHeartbeat(TestViewer viewer) {
            long before = heartbeats(viewer);
            await().atMost(Duration.ofSeconds(10)).until(() -> heartbeats(viewer) > before);
        }

        private static long heartbeats(TestViewer viewer) {
            return viewer.messages.stream()
                    .filter(m -> m.getString("type").equals("heartbeat"))
                    .count();
        }

        @Test
        void beatsOnceASecond() {
            TestViewer viewer = server.viewer();

            JsonObject beat = viewer.awaitMessage("heartbeat");

            assertThat(beat.getLong("now")).isBetween(System.currentTimeMillis() - 60_000, System.currentTimeMillis());
            await().atMost(Duration.ofSeconds(3)).until(() -> viewer.messages.size() >= 2);
        }
    }

    @Nested
    class Refusing {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "nonsense | message | the message is not a JSON object",
                    "[1] | message | the message is not a JSON object",
                    "{} | message | the message has none of subscribe, unsubscribe, ack, replay",
                    "{\"subscribe\":7} | subscribe | subscribe is 7",
                    "{\"subscribe\":\"../etc\"} | subscribe | subscribe is \"../etc\"",
                    "{\"ack\":\"*\"} | ack | ack is \"*\"",
                    "{\"subscribe\":\"r\",\"from\":-1} | from | from is -1; accepted is a whole number from 0 on",
                    "{\"subscribe\":\"r\",\"from\":1.5} | from | from is 1.5",
                    "{\"subscribe\":\"r\",\"backfill\":5001} | backfill | backfill is 5001; accepted is a whole number from 0 to 5000",
                    "{\"subscribe\":\"r\",\"backfill\":\"all\"} | backfill | backfill is \"all\"",
                    "{\"subscribe\":\"r\",\"metrics\":\"loss\"} | metrics | metrics is \"loss\"",
                    "{\"subscribe\":\"r\",\"metrics\":[\"losss\"]} | metrics | metrics holds \"losss\"; accepted is loss, accuracy,",
                })
        void saysWhatIsWrongAndWhatIsAcceptedAndStaysOpen(String message, String parameter, String detail) {
            TestViewer viewer = server.viewer();

            viewer.sendText(message);

            JsonObject error = viewer.awaitMessage("error");
            JsonObject problem = error.getJsonObject("problem");
            assertThat(problem.getInteger("status")).isEqualTo(400);
            assertThat(problem.getString("parameter")).isEqualTo(parameter);
            assertThat(problem.getString("detail")).startsWith(detail).contains("accepted is");
            assertThat(problem.getString("accepted")).isNotEmpty();
            assertThat(error.getValue("request")).isNotNull();
            publish(1);
            viewer.subscribe(RUN);
            viewer.awaitFrames(1);
        }

        @Test
        void refusesBinaryMessages() {
            TestViewer viewer = server.viewer();

            viewer.sendBytes(Buffer.buffer(new byte[] {1, 2}));

            viewer.awaitMessage("error");
        }

        @Test
        void namesTheRunThatItDoesNotKnow() {
            TestViewer viewer = server.viewer();

            viewer.send(new JsonObject().put("subscribe", "nobody").put("from", 3));

            JsonObject error = viewer.awaitMessage("error");
            assertThat(error.getJsonObject("problem").getInteger("status")).isEqualTo(404);
            assertThat(error.getJsonObject("problem").getString("parameter")).isEqualTo("run");
            assertThat(error.getJsonObject("problem").getString("detail")).isEqualTo("there is no run \"nobody\"");
            assertThat(error.getJsonObject("request"))
                    .isEqualTo(new JsonObject().put("subscribe", "nobody").put("from", 3));
        }

        @Test
        void tellsWhenHistoryCannotBeRead() {
            publish(1);
            server.history.broken = true;
            TestViewer viewer = server.viewer();

            viewer.subscribe(RUN);

            assertThat(viewer.awaitMessage("error").getJsonObject("problem").getInteger("status"))
                    .isEqualTo(500);
            server.history.broken = false;
            viewer.subscribe(RUN);
            viewer.awaitFrames(1);
        }

        @Test
        void followsAtMostThirtyTwoRuns() {
            TestViewer viewer = server.viewer();
            for (int i = 0; i < 33; i++) {
                server.history.announce("run-" + i);
                viewer.subscribe("run-" + i);
            }

            JsonObject error = viewer.awaitMessage("error");

            assertThat(error.getJsonObject("request").getString("subscribe")).isEqualTo("run-32");
            assertThat(error.getJsonObject("problem").getString("detail"))
                    .isEqualTo(
                            "this connection follows 32 runs already; accepted is up to 32 runs; unsubscribe from one"
                                    + " first");
        }

        @Test
        void closesAConnectionThatSendsTooLargeAMessage() {
            TestViewer viewer = server.viewer();

            viewer.sendText("x".repeat(LiveHub.REQUEST_BYTES + 1));

            await().atMost(Duration.ofSeconds(5)).until(() -> viewer.closed);
        }

        @Test
        void answersPlainRequestsWithUpgradeRequired() {
            JsonObject problem = server.vertx
                    .createHttpClient()
                    .request(HttpMethod.GET, server.port(), "127.0.0.1", "/api/v1/live")
                    .compose(request -> request.send())
                    .compose(response ->
                            response.body().map(body -> new JsonObject(body).put("seen", response.statusCode())))
                    .await();

            assertThat(problem.getInteger("seen")).isEqualTo(426);
            assertThat(problem.getInteger("status")).isEqualTo(426);
        }

        @ParameterizedTest
        @CsvSource({"http://evil.example,false", "null,false", "http://127.0.0.1:PORT,true"})
        void admitsItsOwnPagesOnly(String origin, boolean admitted) {
            WebSocketConnectOptions options = new WebSocketConnectOptions()
                    .setHost("127.0.0.1")
                    .setPort(server.port())
                    .setURI("/api/v1/live")
                    .addHeader("Origin", origin.replace("PORT", String.valueOf(server.port())));

            boolean connected =
                    server.client.connect(options).map(true).otherwise(false).await();

            assertThat(connected).isEqualTo(admitted);
        }

        @Test
        void doesNotCompress() {
            WebSocketConnectOptions options = new WebSocketConnectOptions()
                    .setHost("127.0.0.1")
                    .setPort(server.port())
                    .setURI("/api/v1/live")
                    .addHeader("Sec-WebSocket-Extensions", "permessage-deflate");

            String extensions = server.client
                    .connect(options)
                    .map(socket -> String.valueOf(socket.headers().get("Sec-WebSocket-Extensions")))
                    .await();

            assertThat(extensions).isEqualTo("null");
        }
    }

    @Test
    void closesItsConnectionsWhenItCloses() {
        TestViewer viewer = server.viewer();
        await().until(() -> server.hub().viewers() == 1);

        server.hub().close().await();

        await().until(() -> viewer.closed);
    }
}
