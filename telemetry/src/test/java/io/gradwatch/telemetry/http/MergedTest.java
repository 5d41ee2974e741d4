package io.gradwatch.telemetry.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.telemetry.history.RunQueries;
import io.gradwatch.telemetry.query.RunOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MergedTest {
    private static final Comparator<Integer> ORDER = Comparator.naturalOrder();

    /** What a service that has these numbers answers. */
    private static Merged.Piece<Integer, Integer> piece(List<Integer> has, int from, int limit) {
        List<Integer> all = has.stream().filter(n -> n >= from).sorted().toList();
        List<Integer> part = all.subList(0, Math.min(limit, all.size()));
        return new Merged.Piece<>(
                part.stream().map(n -> new Merged.Placed<>(n, n)).toList(),
                all.size() > part.size() ? Optional.of(part.get(part.size() - 1)) : Optional.empty());
    }

    @Test
    void pagesOfSeveralServicesTogetherAreTheWholeListInItsOrder() {
        Random random = new Random(5);
        for (int round = 0; round < 200; round++) {
            int services = 1 + random.nextInt(4);
            int size = random.nextInt(60);
            List<List<Integer>> owned = new ArrayList<>();
            IntStream.range(0, services).forEach(s -> owned.add(new ArrayList<>()));
            IntStream.range(0, size)
                    .forEach(n -> owned.get(random.nextInt(services)).add(n));
            int limit = 1 + random.nextInt(9);
            List<Integer> seen = new ArrayList<>();
            int from = 0;
            while (true) {
                int begin = from;
                Merged<Integer, Integer> page = Merged.of(
                        owned.stream().map(has -> piece(has, begin, limit)).toList(), ORDER, limit);
                assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
                seen.addAll(page.items());
                if (page.next().isEmpty()) {
                    break;
                }
                from = page.next().get() + 1;
            }
            assertThat(seen).isEqualTo(IntStream.range(0, size).boxed().toList());
        }
    }

    @Test
    void nothingIsShownBehindWhereAServiceHasMore() {
        var first = new Merged.Piece<>(List.of(new Merged.Placed<>(1, 1)), Optional.of(4));
        var second = new Merged.Piece<>(
                List.of(new Merged.Placed<>(3, 3), new Merged.Placed<>(9, 9)), Optional.<Integer>empty());
        Merged<Integer, Integer> page = Merged.of(List.of(first, second), ORDER, 10);
        assertThat(page.items()).containsExactly(1, 3);
        assertThat(page.next()).contains(4);
    }

    @Test
    void runsAreOrderedAsTheDatabaseOrdersThem() throws Exception {
        Comparator<RunQueries.Position> order = RunCursors.comparator(RunOrder.parse("-loss,name"));
        List<RunQueries.Position> places = new ArrayList<>(List.of(
                place(1, 0, "a", 5, "x"), // no number
                place(0, 2, "b", 5, "x"),
                place(0, 7, "z", 5, "x"),
                place(0, 7, "a\uFFFF", 5, "x"), // before what UTF-16 has in two units
                place(0, 7, "a\uD83D\uDE00", 5, "x"),
                place(0, 7, "z", 6, "x"),
                place(0, 7, "z", 5, "y"),
                place(0, -0.0, "a", 1, "q"),
                place(0, 0.0, "a", 1, "r")));
        places.sort(order);
        assertThat(places)
                .extracting(
                        p -> p.keys().get(0).number() + " " + p.keys().get(1).text() + " " + p.startedAtMs() + p.tie())
                .containsExactly(
                        "7.0 a\uFFFF 5x",
                        "7.0 a\uD83D\uDE00 5x",
                        "7.0 z 6x",
                        "7.0 z 5y",
                        "7.0 z 5x",
                        "2.0 b 5x",
                        "0.0 a 1r",
                        "-0.0 a 1q",
                        "0.0 a 5x");
    }

    private static RunQueries.Position place(int rank, double number, String name, long started, String id) {
        return new RunQueries.Position(
                List.of(new RunQueries.Key(rank, number, ""), new RunQueries.Key(0, 0, name)), started, id);
    }
}
