package io.gradwatch.experiments.run;

/**
 * What a network made of some images.
 *
 * @param images number of images
 * @param loss sum over the images of the cross-entropy, natural logarithm, without weight decay; NaN or infinite if a
 *     network's outputs are
 * @param correct images whose class got the greatest probability; ties and NaN count as wrong
 */
record BatchResult(int images, double loss, int correct) {
    static final BatchResult NOTHING = new BatchResult(0, 0, 0);

    BatchResult plus(BatchResult other) {
        return new BatchResult(images + other.images, loss + other.loss, correct + other.correct);
    }

    /** Mean loss of an image; NaN for no images. */
    double meanLoss() {
        return loss / images;
    }

    /** Share of correct images, 0 to 1; NaN for no images. */
    double accuracy() {
        return (double) correct / images;
    }

    /**
     * The result for a batch.
     *
     * @param logits inputs of the softmax, images × classes, rows first
     * @param labels one-hot, in the same order
     */
    static BatchResult of(float[] logits, float[] labels, int images) {
        int classes = logits.length / images;
        double loss = 0;
        int correct = 0;
        for (int image = 0; image < images; image++) {
            int from = image * classes;
            int label = labelOf(labels, from, classes);
            float greatest = Float.NEGATIVE_INFINITY;
            boolean wins = true;
            for (int i = 0; i < classes; i++) {
                greatest = Math.max(greatest, logits[from + i]);
                wins &= i == label || logits[from + label] > logits[from + i];
            }
            double sum = 0;
            for (int i = 0; i < classes; i++) {
                sum += Math.exp(logits[from + i] - greatest);
            }
            loss += Math.log(sum) + greatest - logits[from + label];
            correct += wins ? 1 : 0;
        }
        return new BatchResult(images, loss, correct);
    }

    private static int labelOf(float[] labels, int from, int classes) {
        for (int i = 0; i < classes; i++) {
            if (labels[from + i] == 1) {
                return i;
            }
        }
        throw new IllegalArgumentException("labels are not one-hot: no element is 1");
    }
}
