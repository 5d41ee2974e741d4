package io.gradwatch.telemetry.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void place() {
        file = directory.resolve("notifications/journal.jsonl");
    }

    private static List<Long> numbers(List<Item> items) {
        return items.stream().map(Item::number).toList();
    }

    @Test
    void keepsWhatIsStillToBeSaidAndHowFarWasRead() throws IOException {
        try (Journal journal = Journal.open(file)) {
            assertThat(journal.offsets()).isEmpty();
            journal.queue(
                    Map.of("ops", List.of(Notices.notice("a", 1), Notices.notice("ä", 2))), Map.of(0, 7L, 1, 3L), 55);
            journal.done(List.of(1L));
        }
        try (Journal journal = Journal.open(file)) {
            assertThat(journal.offsets()).isEqualTo(Map.of(0, 7L, 1, 3L));
            assertThat(journal.queued("ops")).containsExactly(new Item(2, Notices.notice("ä", 2), 55));
            assertThat(journal.queued("other")).isEmpty();
            assertThat(numbers(journal.queue(Map.of("ops", List.of(Notices.notice("a", 3))), Map.of(), 56)
                            .getOrDefault("ops", List.of())))
                    .as("numbers are never used again")
                    .containsExactly(3L);
        }
    }

    @Test
    void keepsWhatWasGivenUpUntilSomebodyDecides() throws IOException {
        try (Journal journal = Journal.open(file)) {
            journal.queue(Map.of("ops", List.of(Notices.notice("a", 1), Notices.notice("a", 2))), Map.of(), 1);
            journal.failed(List.of(1L, 2L), "HTTP 410");
        }
        try (Journal journal = Journal.open(file)) {
            assertThat(journal.queued("ops")).isEmpty();
            assertThat(journal.undelivered()).extracting(Undelivered::why).containsExactly("HTTP 410", "HTTP 410");
            journal.again(journal.undelivered().get(0), 99);
            journal.done(List.of(2L));
        }
        try (Journal journal = Journal.open(file)) {
            assertThat(journal.undelivered()).isEmpty();
            assertThat(journal.queued("ops")).containsExactly(new Item(1, Notices.notice("a", 1), 99));
        }
    }

    @Test
    void aLineThatAKilledProcessLeftHalfWrittenCostsNothingElse() throws IOException {
        try (Journal journal = Journal.open(file)) {
            journal.queue(Map.of("ops", List.of(Notices.notice("a", 1))), Map.of(0, 1L), 1);
        }
        Files.writeString(file, "{\"e\":\"queued\",\"n\":2,\"chan", StandardOpenOption.APPEND);
        try (Journal journal = Journal.open(file)) {
            assertThat(numbers(journal.queued("ops"))).containsExactly(1L);
            journal.queue(Map.of("ops", List.of(Notices.notice("a", 2))), Map.of(0, 2L), 1);
        }
        try (Journal journal = Journal.open(file)) {
            assertThat(journal.queued("ops")).hasSize(2);
            assertThat(journal.offsets()).isEqualTo(Map.of(0, 2L));
        }
    }

    @Test
    void doesNotGrowWithWhatIsDone() throws IOException {
        try (Journal journal = Journal.open(file)) {
            for (int i = 0; i < 40; i++) {
                List<Notice> many = java.util.stream.IntStream.range(0, 500)
                        .mapToObj(n -> Notices.notice("a", n))
                        .toList();
                List<Long> numbers = numbers(journal.queue(Map.of("ops", many), Map.of(0, (long) i), 1)
                        .getOrDefault("ops", List.of()));
                journal.done(numbers);
            }
        }
        assertThat(Files.size(file)).isLessThan(9L << 20);
        try (Journal journal = Journal.open(file)) {
            assertThat(journal.queued("ops")).isEmpty();
            assertThat(journal.offsets()).isEqualTo(Map.of(0, 39L));
        }
        assertThat(Files.size(file)).as("begins anew with what counts").isLessThan(1_000);
    }
}
