package io.gradwatch.experiments.checkpoint;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far a run is: what a checkpoint holds beside its arrays.
 *
 * @param formatVersion {@link #FORMAT_VERSION}
 * @param runId the run
 * @param name for people
 * @param tags to find it by
 * @param options every setting that decides what is computed, by its name on the command line
 * @param data what it learns from
 * @param threads of the computation; another number changes the last bits
 * @param iteration steps done
 * @param epoch of the next step, 0-based
 * @param position of the next step in the epoch, 0-based; equal to the steps of an epoch if they are all done and the
 *     epoch still has to be validated
 * @param sums over the steps of the epoch so far
 * @param epochs that are complete, in order
 * @param bestEpoch the one with the best validation accuracy; null before the first validation
 * @param learningRate that was set by a command, in place of the schedule's; null: none was
 */
public record RunState(
        int formatVersion,
        String runId,
        String name,
        List<String> tags,
        Map<String, String> options,
        DataFingerprint data,
        int threads,
        long iteration,
        int epoch,
        int position,
        Sums sums,
        List<EpochFigures> epochs,
        @Nullable Integer bestEpoch,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Double learningRate) {

    /** Of the checkpoints that this version writes and reads. */
    public static final int FORMAT_VERSION = 1;

    public RunState {
        requireNonNull(runId, "runId");
        requireNonNull(name, "name");
        requireNonNull(data, "data");
        requireNonNull(sums, "sums");
        tags = List.copyOf(tags);
        options = Map.copyOf(options);
        epochs = List.copyOf(epochs);
    }

    /**
     * Sums over the images of the steps that an epoch has made so far.
     *
     * @param images number of images
     * @param loss sum of their losses; may be NaN or infinite
     * @param correct images that were classified correctly
     */
    public record Sums(int images, double loss, int correct) {}
}
