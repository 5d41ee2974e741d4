package io.gradwatch.telemetry.tensorboard;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What of a run a tag may tell, by the names that people commonly give it: the first are preferred. */
enum Target {
    LOSS(false, "loss", "train_loss", "loss_train", "training_loss", "loss_training", "batch_loss", "train_loss_step"),
    ACCURACY(
            false,
            "accuracy",
            "train_accuracy",
            "accuracy_train",
            "training_accuracy",
            "acc",
            "train_acc",
            "acc_train",
            "batch_accuracy"),
    LEARNING_RATE(false, "learning_rate", "lr", "train_lr", "lr_train", "train_learning_rate"),
    ITERATION_MS(false, "iteration_ms"),
    TELEMETRY_MS(false, "telemetry_ms"),
    EPOCH_TRAIN_LOSS(true, "epoch_train_loss", "epoch_loss", "train_loss_epoch"),
    EPOCH_TRAIN_ACCURACY(true, "epoch_train_accuracy", "epoch_accuracy", "train_accuracy_epoch"),
    VALIDATION_LOSS(
            true,
            "epoch_validation_loss",
            "validation_loss",
            "loss_validation",
            "val_loss",
            "loss_val",
            "epoch_val_loss"),
    VALIDATION_ACCURACY(
            true,
            "epoch_validation_accuracy",
            "validation_accuracy",
            "accuracy_validation",
            "val_accuracy",
            "accuracy_val",
            "val_acc",
            "acc_val",
            "epoch_val_accuracy"),
    TEST_LOSS(true, "epoch_test_loss", "test_loss", "loss_test"),
    TEST_ACCURACY(true, "epoch_test_accuracy", "test_accuracy", "accuracy_test", "test_acc", "acc_test"),
    EPOCH_LEARNING_RATE(true, "epoch_learning_rate"),
    EPOCH_DURATION_MS(true, "epoch_duration_ms");

    private final boolean ofEpoch;
    private final String names;

    Target(boolean ofEpoch, String... names) {
        this.ofEpoch = ofEpoch;
        this.names = String.join(" ", names);
    }

    /** Whether it is told once an epoch, and not once an iteration. */
    boolean ofEpoch() {
        return ofEpoch;
    }

    private List<String> names() {
        return List.of(names.split(" "));
    }

    /** What a tag tells, in any case, with any of {@code / . _ -} and space between its words; empty: nothing known. */
    static Optional<Target> of(String tag) {
        return Arrays.stream(values())
                .filter(t -> t.names().contains(plain(tag)))
                .findFirst();
    }

    /** How much a tag is preferred to others that tell the same: 0 most. */
    int rank(String tag) {
        return names().indexOf(plain(tag));
    }

    private static String plain(String tag) {
        return tag.toLowerCase(Locale.ROOT).replaceAll("[/. _-]+", "_");
    }
}
