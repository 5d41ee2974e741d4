package io.gradwatch.telemetry.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.telemetry.stream.IterationRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlaybackTest {
    private static final Axis ALONE = new Axis(Align.ITERATION, 0);

    private static IterationRecord record(int attempt, long iteration, long madeAtMs) {
        return new IterationRecord(
                "run",
                attempt,
                0,
                1000L * attempt + iteration,
                madeAtMs,
                Iteration.newBuilder().setIteration(iteration).build());
    }

    /** Iterations from 0 on, one every {@code everyMs}. */
    private static List<IterationRecord> run(int iterations, long everyMs) {
        return LongStream.range(0, iterations)
                .mapToObj(i -> record(1, i, 5_000_000 + i * everyMs))
                .toList();
    }

    private static Playback one(List<IterationRecord> records, Pace pace) {
        Playback playback = new Playback(List.of(ALONE), pace);
        playback.offer(0, records);
        playback.complete(0);
        return playback;
    }

    private static List<Long> take(Playback playback, int run) {
        return playback.take(run, 1000).stream()
                .map(r -> r.iteration().getIteration())
                .toList();
    }

    @Nested
    class AtAPace {
        @ParameterizedTest
        @ValueSource(doubles = {0.1, 0.5, 1, 7.3, 1000})
        void everyRecordIsDueWhenItsTimeHasPassedSoManyTimesFaster(double factor) {
            Playback playback = one(run(50, 100), Pace.times(factor));
            playback.play(0);
            assertThat(take(playback, 0)).containsExactly(0L);
            for (int i = 1; i < 50; i++) {
                long due = (long) Math.ceil(100 * i / factor - 1e-6);
                playback.advance(due - 1);
                take(playback, 0);
                playback.advance(due);
                List<Long> taken = take(playback, 0);
                if (factor <= 7.3) {
                    assertThat(taken).containsExactly((long) i);
                }
            }
            assertThat(playback.state()).isEqualTo(Playback.State.ENDED);
        }

        @Test
        void aLongPauseIsShortenedUnlessAsRecorded() {
            long night = 8 * 3_600_000L;
            List<IterationRecord> records = List.of(record(1, 0, 0), record(1, 1, 50), record(2, 1, night));
            Playback shortened = one(records, Pace.times(1));
            shortened.play(0);
            shortened.advance(50 + Pace.LONGEST_PAUSE_MS - 1);
            assertThat(take(shortened, 0)).containsExactly(0L, 1L);
            assertThat(shortened.untilDueMs()).isEqualTo(1);
            shortened.advance(50 + Pace.LONGEST_PAUSE_MS);
            assertThat(take(shortened, 0)).containsExactly(1L);

            Playback recorded = one(records, Pace.RECORDED);
            recorded.play(0);
            recorded.advance(night - 1);
            assertThat(take(recorded, 0)).containsExactly(0L, 1L);
            assertThat(recorded.untilDueMs()).isEqualTo(1);
        }

        @Test
        void aTrainersClockThatWasSetBackMakesNoPause() {
            Playback playback = one(List.of(record(1, 0, 90_000), record(1, 1, 20), record(1, 2, 120)), Pace.times(1));
            playback.play(0);
            assertThat(take(playback, 0)).containsExactly(0L, 1L);
            playback.advance(100);
            assertThat(take(playback, 0)).containsExactly(2L);
        }

        @Test
        void aChangeOfPaceHoldsFromThenOn() {
            Playback playback = one(run(100, 100), Pace.times(1));
            playback.play(0);
            playback.advance(250);
            assertThat(take(playback, 0)).containsExactly(0L, 1L, 2L);
            playback.pace(Pace.times(10), 250);
            playback.advance(275); // 250 + 25 · 10 = 500 recorded ms
            assertThat(take(playback, 0)).containsExactly(3L, 4L, 5L);
            assertThat(playback.playedMs()).isEqualTo(500);
        }

        @ParameterizedTest
        @ValueSource(doubles = {0, -1, 0.09, 1000.1, 1e9, Double.NaN, Double.POSITIVE_INFINITY})
        void otherFactorsAreRefused(double factor) {
            assertThat(Pace.isAccepted(factor)).isFalse();
            assertThatThrownBy(() -> Pace.times(factor)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Nested
    class PausesAndSteps {
        @Test
        void nothingIsDueWhilePaused() {
            Playback playback = one(run(10, 100), Pace.times(1));
            playback.advance(60_000);
            assertThat(take(playback, 0)).isEmpty();
            assertThat(playback.untilDueMs()).isEqualTo(-1);
            playback.play(60_000);
            playback.advance(60_150);
            playback.pause(60_150);
            assertThat(playback.take(0, 1000)).isEmpty();
            playback.play(90_000);
            playback.advance(90_000);
            assertThat(take(playback, 0)).containsExactly(0L, 1L);
            playback.advance(90_050);
            assertThat(take(playback, 0)).containsExactly(2L);
        }

        @Test
        void aStepPlaysSoManyAtOnceAndPauses() {
            Playback playback = one(run(10, 100), Pace.times(1));
            playback.step(3, 0);
            assertThat(playback.state()).isEqualTo(Playback.State.STEPPING);
            assertThat(take(playback, 0)).containsExactly(0L, 1L, 2L);
            assertThat(playback.state()).isEqualTo(Playback.State.PAUSED);
            playback.advance(10_000);
            assertThat(take(playback, 0)).isEmpty();
        }

        @Test
        void aStepWaitsForWhatIsStillBeingRead() {
            Playback playback = new Playback(List.of(ALONE), Pace.times(1));
            List<IterationRecord> records = run(10, 100);
            playback.offer(0, records.subList(0, 2));
            playback.step(3, 0);
            assertThat(take(playback, 0)).containsExactly(0L, 1L);
            assertThat(playback.state()).isEqualTo(Playback.State.STEPPING);
            playback.offer(0, records.subList(2, 10));
            assertThat(take(playback, 0)).containsExactly(2L);
            assertThat(playback.state()).isEqualTo(Playback.State.PAUSED);
        }

        @Test
        void afterAnotherPlaceWasSoughtTheGapToItsPredecessorCounts() {
            Playback playback = one(run(10, 100), Pace.times(1));
            playback.play(0);
            playback.advance(1000);
            playback.restart(0, 7_000_000, 0, 5);
            playback.offer(0, List.of(record(1, 6, 7_000_100), record(1, 7, 7_000_200)));
            playback.advance(1099);
            assertThat(take(playback, 0)).isEmpty();
            playback.advance(1100);
            assertThat(take(playback, 0)).containsExactly(6L);
        }
    }

    @Nested
    class WhenItIsHeldUp {
        @Test
        void timeDoesNotPassWhatHasBeenRead() {
            Playback playback = new Playback(List.of(ALONE), Pace.times(1));
            List<IterationRecord> records = run(100, 100);
            playback.offer(0, records.subList(0, 3));
            playback.play(0);
            playback.advance(60_000);
            assertThat(take(playback, 0)).containsExactly(0L, 1L, 2L);
            playback.advance(120_000);
            playback.offer(0, records.subList(3, 100));
            assertThat(take(playback, 0)).isEmpty(); // no burst: 3 is due 100 ms later
            playback.advance(120_100);
            assertThat(take(playback, 0)).containsExactly(3L);
        }

        @Test
        void aClockThatIsSetBackStopsNothing() {
            Playback playback = one(run(10, 100), Pace.times(1));
            playback.play(1000);
            playback.advance(500);
            playback.advance(1100);
            assertThat(take(playback, 0)).containsExactly(0L, 1L);
        }
    }

    @Nested
    class InStep {
        private Playback two(Align align, List<IterationRecord> a, long perA, List<IterationRecord> b, long perB) {
            Playback playback = new Playback(List.of(new Axis(align, perA), new Axis(align, perB)), Pace.times(1));
            playback.offer(0, a);
            playback.offer(1, b);
            playback.complete(0);
            playback.complete(1);
            playback.play(0);
            return playback;
        }

        @Test
        void byIterationTheOtherRunsGoWhereTheFirstOneIs() {
            Playback playback = two(Align.ITERATION, run(10, 100), 0, run(10, 3000), 0);
            playback.advance(350);
            assertThat(take(playback, 0)).containsExactly(0L, 1L, 2L, 3L);
            assertThat(take(playback, 1)).containsExactly(0L, 1L, 2L, 3L);
        }

        @Test
        void byEpochTheSameShareOfTrainingIsShown() {
            Playback playback = two(Align.EPOCH, run(100, 10), 10, run(1000, 10), 50);
            playback.advance(100); // iterations 0 to 10 of the first: one epoch
            assertThat(take(playback, 0)).hasSize(11);
            assertThat(take(playback, 1)).hasSize(51);
        }

        @Test
        void byWallTimeEachRunGoesItsOwnWay() {
            Playback playback = two(Align.WALL, run(10, 100), 0, run(10, 300), 0);
            playback.advance(650);
            assertThat(take(playback, 0)).hasSize(7);
            assertThat(take(playback, 1)).hasSize(3);
            playback.advance(5000);
            assertThat(take(playback, 0)).hasSize(3);
            assertThat(take(playback, 1)).hasSize(7);
            assertThat(playback.state()).isEqualTo(Playback.State.ENDED);
        }

        @Test
        void whenTheFirstRunIsOverTheNextOneLeads() {
            Playback playback = two(Align.ITERATION, run(3, 100), 0, run(6, 200), 0);
            playback.advance(200);
            assertThat(take(playback, 0)).hasSize(3);
            assertThat(take(playback, 1)).containsExactly(0L, 1L, 2L);
            playback.advance(400);
            assertThat(take(playback, 1)).containsExactly(3L);
            playback.advance(800);
            assertThat(take(playback, 1)).containsExactly(4L, 5L);
        }

        @Test
        void aRunThatGoesBackKeepsTheOthersWaiting() {
            List<IterationRecord> resumed = new ArrayList<>(run(4, 100));
            for (long i = 2; i < 6; i++) {
                resumed.add(record(2, i, 5_000_400 + 100 * (i - 2)));
            }
            Playback playback = two(Align.ITERATION, resumed, 0, run(6, 100), 0);
            playback.advance(500);
            assertThat(take(playback, 0)).containsExactly(0L, 1L, 2L, 3L, 2L, 3L);
            assertThat(take(playback, 1)).containsExactly(0L, 1L, 2L, 3L);
            playback.advance(600);
            assertThat(take(playback, 0)).containsExactly(4L);
            assertThat(take(playback, 1)).containsExactly(4L);
        }

        @Test
        void theFirstRunWaitsForOneThatIsStillBeingRead() {
            Playback playback = new Playback(List.of(ALONE, ALONE), Pace.times(1));
            playback.offer(0, run(10, 100));
            playback.complete(0);
            playback.offer(1, run(10, 100).subList(0, 2));
            playback.play(0);
            playback.advance(10_000);
            assertThat(take(playback, 0)).containsExactly(0L, 1L);
            playback.offer(1, run(10, 100).subList(2, 10));
            playback.complete(1);
            assertThat(take(playback, 0)).hasSize(8);
            assertThat(take(playback, 1)).hasSize(10);
        }

        @Test
        void aStepTakesTheOthersAlong() {
            Playback playback = two(Align.ITERATION, run(10, 100), 0, run(10, 100), 0);
            playback.pause(0);
            playback.step(4, 0);
            assertThat(take(playback, 0)).hasSize(4);
            assertThat(take(playback, 1)).hasSize(4);
            assertThat(playback.state()).isEqualTo(Playback.State.PAUSED);
        }
    }

    /** Whatever happens in whatever order: every record comes exactly once, in its order. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void nothingIsLostAndNothingComesTwice(int seed) {
        Random random = new Random(seed);
        Align align = Align.values()[seed % 3];
        int runs = 1 + random.nextInt(3);
        List<Axis> axes = new ArrayList<>();
        List<List<IterationRecord>> recorded = new ArrayList<>();
        List<List<IterationRecord>> played = new ArrayList<>();
        int[] offered = new int[runs];
        for (int r = 0; r < runs; r++) {
            axes.add(new Axis(align, random.nextInt(40)));
            recorded.add(run(50 + random.nextInt(400), 1 + random.nextInt(500)));
            played.add(new ArrayList<>());
        }
        Playback playback = new Playback(axes, Pace.times(1));
        playback.play(0);
        long now = 0;
        for (int i = 0; i < 200_000 && !playback.isOver(); i++) {
            now += random.nextInt(300);
            int r = random.nextInt(runs);
            switch (random.nextInt(12)) {
                case 0 -> playback.pause(now);
                case 1, 2 -> playback.play(now);
                case 3 -> playback.pace(Pace.times(0.1 + 900 * random.nextDouble()), now);
                case 4 -> playback.step(1 + random.nextInt(5), now);
                case 5 -> playback.pace(Pace.RECORDED, now);
                case 6, 7 -> {
                    int to = Math.min(recorded.get(r).size(), offered[r] + random.nextInt(60));
                    playback.offer(r, recorded.get(r).subList(offered[r], to));
                    offered[r] = to;
                    if (to == recorded.get(r).size()) {
                        playback.complete(r);
                    }
                }
                default -> {
                    playback.advance(now);
                    played.get(r).addAll(playback.take(r, 1 + random.nextInt(40)));
                }
            }
        }
        assertThat(played).isEqualTo(recorded);
    }
}
