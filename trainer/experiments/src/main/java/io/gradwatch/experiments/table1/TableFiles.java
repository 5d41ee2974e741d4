package io.gradwatch.experiments.table1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code table1.md}, {@code table1.csv} and {@code table1.json}. */
public final class TableFiles {
    private TableFiles() {}

    /** Writes all three into a folder, which is made if need be; each is replaced as a whole. Returns their paths. */
    public static List<Path> write(Table table, Path folder) throws IOException {
        Files.createDirectories(folder);
        Path markdown = folder.resolve("table1.md");
        Path csv = folder.resolve("table1.csv");
        Path json = folder.resolve("table1.json");
        DurableFiles.replace(markdown, MarkdownTable.of(table));
        DurableFiles.replace(csv, CsvTable.of(table));
        DurableFiles.replace(json, JsonTable.of(table));
        return List.of(markdown, csv, json);
    }
}
