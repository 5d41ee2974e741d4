package io.gradwatch.experiments.table1;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableLockTest {
    @TempDir
    Path folder;

    @Test
    void isTakenOnceAndTellsByWhom() throws IOException {
        Path file = folder.resolve("lock");

        try (TableLock ignored = TableLock.take(file).orElseThrow()) {
            assertThat(TableLock.take(file)).isEmpty();
            assertThat(TableLock.owner(file))
                    .isEqualTo(Long.toString(ProcessHandle.current().pid()));
        }
        TableLock.take(file).orElseThrow().close();
    }
}
