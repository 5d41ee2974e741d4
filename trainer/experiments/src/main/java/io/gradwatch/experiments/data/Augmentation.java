package io.gradwatch.experiments.data;

/**
 * What is done at random to each training image, each time it is seen: cut 32×32 out of the image with a black border
 * of 4 pixels, mirror it left to right in half of the cases, add noise.
 *
 * @param cropAndFlip whether to cut and mirror
 * @param noise standard deviation of the bell-shaped noise on each channel of each pixel, where a pixel's range is 0 to
 *     1; 0 for none, at most 1
 */
public record Augmentation(boolean cropAndFlip, double noise) {
    /** Images as they are. */
    public static final Augmentation NONE = new Augmentation(false, 0);

    /** Width of the black border, pixels. */
    static final int BORDER = 4;

    /** @throws IllegalArgumentException if the noise is not in 0 to 1 */
    public Augmentation {
        if (!(noise >= 0 && noise <= 1)) {
            throw new IllegalArgumentException("noise " + noise + ": accepted are 0 to 1");
        }
    }
}
