package io.gradwatch.telemetry.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskRoomTest {
    @TempDir
    Path directory;

    @Test
    void saysHowMuchIsLeftAndHowMuchIsNeededUntilThereIsRoom() {
        AtomicLong free = new AtomicLong(12L << 20);
        DiskRoom room = new DiskRoom(directory, free::get);

        assertThat(room.shortage().orElseThrow()).contains(directory + " has 12 MiB left, at least 64 MiB are needed");

        free.set(DiskRoom.RESERVE);
        assertThat(room.shortage()).isEmpty();
    }

    @Test
    void takesADiskThatDoesNotTellForOneWithRoom() {
        assertThat(new DiskRoom(directory, () -> {
                            throw new IOException("not told");
                        })
                        .shortage())
                .isEmpty();
    }
}
