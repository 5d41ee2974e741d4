package io.gradwatch.experiments.table1;

import static io.gradwatch.experiments.table1.Examples.PAPER;
import static io.gradwatch.experiments.table1.Examples.ROWS;
import static io.gradwatch.experiments.table1.Examples.SHORT;
import static io.gradwatch.experiments.table1.Examples.SMALL;
import static io.gradwatch.experiments.table1.Examples.START;
import static io.gradwatch.experiments.table1.Examples.VGG08;
import static io.gradwatch.experiments.table1.Examples.VGG38_BN_512;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableTest {
    private final Table table = Examples.table();

    @Nested
    class Lines {
        @Test
        void standInThePapersOrderAndOneForEachConditions() {
            assertThat(table.lines()).extracting(line -> line.row().number()).containsExactly(1, 1, 2, 3, 4, 5);
            assertThat(table.lines().get(0).conditions()).contains(PAPER);
            assertThat(table.lines().get(1).conditions()).contains(SMALL);
        }

        @Test
        void averageOverTheSeeds() {
            Line line = table.lines().get(0);

            assertThat(line.test().count()).isEqualTo(5);
            assertThat(line.test().mean()).isCloseTo(49.576, within(1e-9));
            assertThat(line.testDifference().getAsDouble()).isCloseTo(-0.374, within(1e-9));
            assertThat(line.caveats()).isEmpty();
        }

        @Test
        void ofGeneratedImagesHaveNoDifference() {
            Line line = table.lines().get(1);

            assertThat(line.testDifference()).isEmpty();
            assertThat(line.trainDifference()).isEmpty();
            assertThat(line.caveats()).containsExactly(Caveat.EPOCHS, Caveat.IMAGES, Caveat.SETTINGS);
        }

        @Test
        void ofFewerEpochsAreMarked() {
            Line line = table.lines().get(2);

            assertThat(line.caveats()).containsExactly(Caveat.EPOCHS);
            assertThat(line.finished()).hasSize(1);
            assertThat(line.planned()).isEqualTo(2);
            assertThat(line.begun()).isEqualTo(1);
        }

        @Test
        void sayWhyThereAreNoFigures() {
            assertThat(table.lines())
                    .extracting(line -> line.instead().orElse("figures"))
                    .containsExactly("figures", "figures", "figures", "unfinished", "failed", "not run");
        }

        @Test
        void forgetAFailureOnceTheRunIsTriedAgain() {
            Book again = Examples.book().with(Examples.started(VGG38_BN_512, 0, PAPER));
            Book done = again.with(Examples.finished(VGG38_BN_512, 0, PAPER, 46.5, 60.4));

            assertThat(Table.of(ROWS, again, START, "").failures()).isEmpty();
            assertThat(Table.of(ROWS, done, START, "").lines().get(4).finished())
                    .hasSize(1);
        }

        @Test
        void countARunOnceHoweverOftenItIsTold() {
            Book twice = Examples.book()
                    .with(Examples.finished(VGG08, 0, PAPER, 10, 10))
                    .with(Examples.failed(VGG08, 0, PAPER, "late"));

            assertThat(Table.of(ROWS, twice, START, "").lines().get(0))
                    .isEqualTo(table.lines().get(0));
        }

        @Test
        void thatOnlyLookTheSameAreExplained() {
            Conditions other = new Conditions(100, "cifar-100", false, "", "dddd");
            Table twins = Table.of(ROWS, Examples.book().with(Examples.planned(VGG08, 0, other)), START, "");

            assertThat(Notes.of(twins)).anyMatch(note -> note.startsWith("vgg08: its lines of equal epochs"));
            assertThat(Notes.of(table)).noneMatch(note -> note.contains("its lines of equal epochs"));
        }

        @Test
        void averageNothingOverDifferentConditions() {
            Book mixed = Examples.book().with(Examples.finished(VGG08, 7, SHORT, 20, 20));

            assertThat(Table.of(ROWS, mixed, START, "").lines().get(0).test())
                    .isEqualTo(table.lines().get(0).test());
        }
    }

    @Nested
    class OnATerminal {
        @Test
        void isOneLineForARowWhereThatFits() throws IOException {
            assertGolden("table-wide.txt", String.join("\n", TextTable.lines(table, 140)) + "\n");
        }

        @Test
        void isTwoLinesForARowElsewhere() throws IOException {
            assertGolden("table-narrow.txt", String.join("\n", TextTable.lines(table, 80)) + "\n");
        }

        @ParameterizedTest
        @ValueSource(ints = {80, 100, 120, 200})
        void isNotWiderThanTheTerminal(int width) {
            assertThat(TextTable.lines(table, width))
                    .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(width));
        }

        @ParameterizedTest
        @ValueSource(ints = {80, 120})
        void fitsWithTheRowsOfThePaperAndTheWidestFigures(int width) {
            List<Row> rows = Row.all();
            Book book = Book.EMPTY;
            for (Row row : rows) {
                for (long seed : Selection.PAPER_SEEDS) {
                    book = book.with(Examples.planned(row, seed, SHORT));
                    book = book.with(Examples.finished(row, seed, SHORT, seed == 0 ? 100 : 0, seed == 0 ? 0 : 100));
                }
            }

            assertThat(TextTable.lines(Table.of(rows, book, START, ""), width))
                    .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(width));
        }
    }

    @Nested
    class AsAFile {
        @TempDir
        Path folder;

        @Test
        void isMarkdown() throws IOException {
            assertGolden("table1.md", MarkdownTable.of(table));
        }

        @Test
        void isCsv() throws IOException {
            String csv = CsvTable.of(table);

            assertGolden("table1.csv", csv.replace("\r\n", "\n"));
            assertThat(csv.replace("\r\n", "")).doesNotContain("\r").doesNotContain("\n");
        }

        @Test
        void isJson() throws IOException {
            String json = JsonTable.of(table);

            assertGolden("table1.json", json);
            assertThat(new JsonMapper().readTree(json).get("lines")).hasSize(6);
        }

        @Test
        void replacesTheOldOnesAndLeavesNothingElse() throws IOException {
            Files.writeString(folder.resolve("table1.md"), "old");

            TableFiles.write(table, folder);

            assertThat(folder.resolve("table1.md")).hasContent(MarkdownTable.of(table));
            try (var files = Files.list(folder)) {
                assertThat(files.map(file -> file.getFileName().toString()))
                        .containsExactlyInAnyOrder("table1.md", "table1.csv", "table1.json");
            }
        }
    }

    /** With the system property "golden.write" the file is written instead. */
    private static void assertGolden(String name, String actual) throws IOException {
        if (Boolean.getBoolean("golden.write")) {
            Files.writeString(Path.of("src/test/resources/io/gradwatch/experiments/table1", name), actual);
            return;
        }
        try (InputStream golden = Objects.requireNonNull(TableTest.class.getResourceAsStream(name), name)) {
            assertThat(actual).isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
