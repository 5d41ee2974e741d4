package io.gradwatch.experiments.table1;

/** Why figures must not be set against the paper's as they are. */
public enum Caveat {
    EPOCHS(
            "†",
            "trained for another number of epochs than the paper's " + Conditions.PAPER_EPOCHS
                    + ": no figure to hold against the paper's"),
    IMAGES("‡", "trained and tested on generated images, not on CIFAR-100: nothing to do with the paper's figure"),
    SETTINGS("§", "with other settings than the paper's: not the paper's network or training");

    private final String sign;
    private final String meaning;

    Caveat(String sign, String meaning) {
        this.sign = sign;
        this.meaning = meaning;
    }

    /** Put behind a figure. */
    public String sign() {
        return sign;
    }

    /** For the note below the table. */
    public String meaning() {
        return meaning;
    }

    boolean holdsFor(Conditions conditions) {
        return switch (this) {
            case EPOCHS -> conditions.epochs() != Conditions.PAPER_EPOCHS;
            case IMAGES -> conditions.synthetic();
            case SETTINGS -> !conditions.changed().isEmpty();
        };
    }
}
