package io.gradwatch.experiments.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BatchPrefetcherTest {
    private static final Augmentation FULL = new Augmentation(true, 0.05);

    @Test
    void visitsEveryImageOncePerEpochAndKeepsTheSmallLastBatch() throws InterruptedException {
        try (BatchPrefetcher batches = new BatchPrefetcher(Records.subset(50), 16, Augmentation.NONE, 1)) {
            assertThat(batches.batchesPerEpoch()).isEqualTo(4);
            List<List<Integer>> epochs = new ArrayList<>();
            for (int epoch = 0; epoch < 3; epoch++) {
                List<Integer> labels = new ArrayList<>();
                for (int position = 0; position < 4; position++) {
                    Batch batch = batches.next();
                    assertThat(batch.epoch()).isEqualTo(epoch);
                    assertThat(batch.position()).isEqualTo(position);
                    assertThat(batch.size()).isEqualTo(position == 3 ? 2 : 16);
                    assertThat(batch.isLastOfEpoch()).isEqualTo(position == 3);
                    for (int i = 0; i < batch.size(); i++) {
                        labels.add(batch.labels().getRow(i).argMax().getInt(0));
                    }
                }
                epochs.add(labels);
                assertThat(Set.copyOf(labels)).hasSize(50);
            }
            assertThat(new HashSet<>(epochs)).as("each epoch in its own order").hasSize(3);
        }
    }

    @Test
    void handsOverNormalisedImagesWithChannelsLast() throws InterruptedException {
        ImageSubset images = Records.subset(4);
        try (BatchPrefetcher batches = new BatchPrefetcher(images, 4, Augmentation.NONE, 1)) {
            Batch batch = batches.next();

            assertThat(batch.features().shape()).containsExactly(4, 32, 32, 3);
            assertThat(batch.labels().shape()).containsExactly(4, 100);
            for (int i = 0; i < 4; i++) {
                int label = batch.labels().getRow(i).argMax().getInt(0);
                assertThat(batch.features().getDouble(i, 30, 11, 2))
                        .isCloseTo((images.images().pixel(label, 2, 30, 11) / 255.0 - 0.4465) / 0.2010, within(1e-4));
            }
        }
    }

    @Test
    void makesTheSameBatchesForTheSameSeedHoweverTheThreadsRun() throws InterruptedException {
        assertThat(hashes(1, 0)).isEqualTo(hashes(1, 3)).isNotEqualTo(hashes(2, 0));
    }

    @Test
    void beginsAtALaterBatchAsIfTheOthersHadBeenTaken() throws InterruptedException {
        List<Integer> all = hashes(1, 0); // 4 batches an epoch, the last smaller
        for (int taken = 0; taken < 6; taken++) {
            int epoch = taken / 4;
            assertThat(hashes(1, epoch, taken % 4, 9 - taken)).isEqualTo(all.subList(taken, 9));
        }
        assertThat(hashes(1, 0, 4, 5)).as("after the last of an epoch").isEqualTo(all.subList(4, 9));
    }

    @Test
    void refusesABatchThatDoesNotExist() {
        assertThatThrownBy(() -> hashes(1, 0, 5, 1))
                .hasMessage("epoch 0, batch 5: accepted are epochs from 0 and batches from 0 to 4");
    }

    @Test
    void leavesTheBatchInUseAloneUntilTheNextCall() throws InterruptedException {
        try (BatchPrefetcher batches = new BatchPrefetcher(Records.subset(64), 4, FULL, 1)) {
            for (int i = 0; i < 40; i++) {
                Batch batch = batches.next();
                float[] before = batch.features().data().asFloat();
                Thread.sleep(i % 3);
                assertThat(batch.features().data().asFloat()).isEqualTo(before);
            }
        }
    }

    @Test
    void countsTheTimeSpentWaiting() throws InterruptedException {
        try (BatchPrefetcher batches = new BatchPrefetcher(Records.subset(512), 512, FULL, 1)) {
            for (int i = 0; i < 12; i++) {
                batches.next();
            }
            assertThat(batches.waitedNanos())
                    .as("12 batches of 512 without a pause")
                    .isPositive();
        }
    }

    @Test
    void passesAFailureOfItsThreadOnWithTheCause() {
        byte[] records = Records.of(8);
        records[5 * 3074 + 1] = (byte) 200; // no such class: one-hot fails
        ImageSubset images = ImageSubset.all(new LabelledImages(records));
        try (BatchPrefetcher batches = new BatchPrefetcher(images, 8, Augmentation.NONE, 1)) {
            for (int call = 0; call < 2; call++) {
                assertThatThrownBy(batches::next)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("preparing a batch failed")
                        .hasCauseInstanceOf(ArrayIndexOutOfBoundsException.class);
            }
        }
    }

    @Test
    void endsItsThreadWhenClosed() throws InterruptedException {
        BatchPrefetcher batches = new BatchPrefetcher(Records.subset(64), 8, FULL, 1);
        batches.next();

        batches.close();

        await().until(() -> !batches.isRunning());
    }

    @Test
    void takesASubsetSmallerThanTheBatch() throws InterruptedException {
        try (BatchPrefetcher batches = new BatchPrefetcher(Records.subset(3), 100, FULL, 1)) {
            assertThat(batches.next().size()).isEqualTo(3);
            assertThat(batches.batchesPerEpoch()).isEqualTo(1);
        }
    }

    private static List<Integer> hashes(long seed, long pauseMillis) throws InterruptedException {
        List<Integer> hashes = new ArrayList<>();
        try (BatchPrefetcher batches = new BatchPrefetcher(Records.subset(40), 12, FULL, seed)) {
            for (int i = 0; i < 9; i++) {
                Thread.sleep(pauseMillis);
                hashes.add(Arrays.hashCode(batches.next().features().data().asFloat()));
            }
        }
        return hashes;
    }

    private static List<Integer> hashes(long seed, int epoch, int position, int count) throws InterruptedException {
        List<Integer> hashes = new ArrayList<>();
        try (BatchPrefetcher batches = new BatchPrefetcher(Records.subset(40), 12, FULL, seed, epoch, position)) {
            for (int i = 0; i < count; i++) {
                hashes.add(Arrays.hashCode(batches.next().features().data().asFloat()));
            }
        }
        return hashes;
    }
}
