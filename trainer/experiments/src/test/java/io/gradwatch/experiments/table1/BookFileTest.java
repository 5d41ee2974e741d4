package io.gradwatch.experiments.table1;

import static io.gradwatch.experiments.table1.Examples.PAPER;
import static io.gradwatch.experiments.table1.Examples.SHORT;
import static io.gradwatch.experiments.table1.Examples.VGG08;
import static io.gradwatch.experiments.table1.Examples.VGG38;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BookFileTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("results.jsonl");
    }

    @Test
    void isEmptyWithoutAFile() throws IOException {
        BookFile.Contents contents = BookFile.read(file);

        assertThat(contents.book()).isEqualTo(Book.EMPTY);
        assertThat(contents.problems()).isEmpty();
    }

    @Test
    void givesBackWhatWasWritten() throws IOException {
        write(Examples.book().entries());

        BookFile.Contents contents = BookFile.read(file);

        assertThat(contents.book()).isEqualTo(Examples.book());
        assertThat(contents.problems()).isEmpty();
    }

    @Test
    void keepsAnUnknownLossAsNaN() throws IOException {
        Figures figures = new Figures(0, 0.01, Double.NaN, 0.01, Double.POSITIVE_INFINITY, 0.01, Double.NaN, 1, 5);
        write(List.of(new Entry.Finished(
                Examples.START, Examples.id(VGG08, 1, PAPER), PAPER, "r", figures, Map.of(), Map.of(), 0)));

        Figures read = BookFile.read(file).book().finished().get(0).figures();

        assertThat(read.testLoss()).isNaN();
        assertThat(read.validationLoss()).isNaN();
        assertThat(read.testAccuracy()).isEqualTo(0.01);
    }

    @Test
    void survivesACutAtAnyByteAndGoesOnBehindTheLastGoodLine() throws IOException {
        List<Entry> entries =
                List.of(Examples.planned(VGG08, 0, PAPER), Examples.finished(VGG08, 0, PAPER, 49.9, 55.2));
        write(entries);
        byte[] whole = Files.readAllBytes(file);
        int first = new String(whole, StandardCharsets.UTF_8).indexOf('\n') + 1;
        Entry next = Examples.planned(VGG38, 0, SHORT);

        for (int cut = first; cut < whole.length; cut++) {
            Files.write(file, Arrays.copyOf(whole, cut));
            BookFile.Contents contents = BookFile.read(file);
            boolean complete = cut == whole.length - 1; // all but the line's end
            assertThat(contents.book().entries()).hasSize(complete ? 2 : 1);
            assertThat(contents.problems()).hasSize(cut == first || complete ? 0 : 1);

            try (BookFile book = BookFile.open(file, contents)) {
                book.append(next);
            }
            BookFile.Contents after = BookFile.read(file);
            assertThat(after.problems()).isEmpty();
            assertThat(after.book()).isEqualTo(contents.book().with(next));
        }
    }

    @Test
    void tellsWhichLineWasCutOff() throws IOException {
        write(List.of(Examples.planned(VGG08, 0, PAPER)));
        Files.writeString(file, "{\"v\":1,\"kind\":\"fin", StandardOpenOption.APPEND);

        assertThat(BookFile.read(file).problems())
                .containsExactly(file + ": line 2 was cut off while it was written; it is ignored");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "null",
                "[]",
                "5",
                "{\"v\":1}",
                "{\"v\":\"x\"}",
                "{\"v\":1,\"kind\":\"planned\",\"at\":\"yesterday\"}",
                "{\"v\":1,\"kind\":{},\"at\":[]}",
                "\0\0\0\0",
                "{\"v\":1} {\"v\":1}",
                "{'v':1}"
            })
    void ignoresADamagedLineInTheMiddleAndReportsIt(String damaged) throws IOException {
        Entry first = Examples.planned(VGG08, 0, PAPER);
        Entry last = Examples.planned(VGG38, 0, PAPER);
        Files.writeString(file, EntryJson.write(first) + "\n" + damaged + "\n" + EntryJson.write(last) + "\n");

        BookFile.Contents contents = BookFile.read(file);

        assertThat(contents.book().entries()).containsExactly(first, last);
        assertThat(contents.problems()).containsExactly(file + ": line 2 is damaged; it is ignored");
    }

    @Test
    void saysOfALineFromANewerVersionWhatItIs() throws IOException {
        String line = EntryJson.write(Examples.planned(VGG08, 0, PAPER));
        Files.writeString(file, line.replace("\"v\":1", "\"v\":2") + "\n" + line.replace("planned", "praised") + "\n");

        assertThat(BookFile.read(file).problems())
                .satisfiesExactly(
                        problem -> assertThat(problem)
                                .contains("line 1 is of version 2 of the format, this Gradwatch reads 1"),
                        problem -> assertThat(problem).contains("line 2 is damaged"));
    }

    @Test
    void neverChangesWhatItKeeps() throws IOException {
        write(List.of(Examples.planned(VGG08, 0, PAPER)));
        byte[] before = Files.readAllBytes(file);
        write(List.of(Examples.planned(VGG08, 1, PAPER)));

        assertThat(Arrays.copyOf(Files.readAllBytes(file), before.length)).isEqualTo(before);
    }

    private void write(List<Entry> entries) throws IOException {
        try (BookFile book = BookFile.open(file, BookFile.read(file))) {
            for (Entry entry : entries) {
                book.append(entry);
            }
        }
    }
}
