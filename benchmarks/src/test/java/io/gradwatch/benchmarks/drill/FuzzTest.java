package io.gradwatch.benchmarks.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.contract.Decoded;
import io.gradwatch.contract.WireFormat;
import io.gradwatch.contract.v1.Envelope;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FuzzTest {
    private enum Kind {
        READABLE,
        UNKNOWN,
        MALFORMED
    }

    private static Envelope good(Random random, long iteration) {
        return Load.envelope("fuzz-0")
                .setIteration(Load.iteration(random, iteration))
                .build();
    }

    private static Kind kind(Decoded decoded) {
        return decoded instanceof Decoded.Known
                ? Kind.READABLE
                : decoded instanceof Decoded.Unknown ? Kind.UNKNOWN : Kind.MALFORMED;
    }

    @Test
    void whatIsLeftReadableNeverSpeaksOfAnotherRun() {
        Random random = new Random(1);
        Fuzz fuzz = new Fuzz(2, Set.of("fuzz-0"));
        Map<Kind, Integer> kinds = new EnumMap<>(Kind.class);
        for (int i = 0; i < 20_000; i++) {
            Decoded decoded = WireFormat.decode(fuzz.spoil(good(random, i)));
            kinds.merge(kind(decoded), 1, Integer::sum);
            if (decoded instanceof Decoded.Known known) {
                assertThat(known.envelope().getRunId()).isEqualTo("fuzz-0");
            }
        }
        assertThat(kinds.get(Kind.MALFORMED)).isGreaterThan(10_000);
        assertThat(kinds.get(Kind.UNKNOWN)).isGreaterThan(500);
        assertThat(kinds.get(Kind.READABLE)).isGreaterThan(500);
    }

    @Test
    void theSameSeedSpoilsTheSameWay() {
        Fuzz one = new Fuzz(7, Set.of("fuzz-0"));
        Fuzz other = new Fuzz(7, Set.of("fuzz-0"));
        Envelope record = good(new Random(1), 3);
        for (int i = 0; i < 500; i++) {
            assertThat(one.spoil(record)).isEqualTo(other.spoil(record));
        }
    }
}
