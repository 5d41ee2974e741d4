package io.gradwatch.experiments.cli;

import io.gradwatch.experiments.data.ImageData;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The images of the table's runs; those of the last seed are kept, since the runs of a seed follow each other. */
final class Table1Images {
    private final DataChoice choice;
    private @Nullable ImageData last;
    private long seed;

    Table1Images(DataChoice choice) {
        this.choice = choice;
    }

    /** As {@code --data} takes it. */
    String option() {
        return choice.option();
    }

    /** Blocks for a second or less when the seed is another one than before. */
    ImageData forSeed(long wanted) throws IOException {
        ImageData known = last;
        if (known != null && seed == wanted) {
            return known;
        }
        last = null; // its memory is needed
        ImageData loaded = choice.load(wanted);
        last = loaded;
        seed = wanted;
        return loaded;
    }
}
