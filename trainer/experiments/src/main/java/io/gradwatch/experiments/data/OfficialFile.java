package io.gradwatch.experiments.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One of CIFAR-100's binary files as published.
 *
 * @param name file name
 * @param records images in it
 * @param md5 of the whole file, lower-case hexadecimal
 */
record OfficialFile(String name, int records, String md5) {

    long bytes() {
        return (long) records * LabelledImages.RECORD_BYTES;
    }

    /**
     * The file's bytes, if it has the right size.
     *
     * @throws DataException if it has another size or cannot be read
     */
    byte[] read(Path folder) throws DataException {
        Path file = folder.resolve(name);
        try {
            long size = Files.size(file);
            if (size != bytes()) {
                throw new DataException(file + " has " + size + " bytes" + remainder(size) + ": accepted are " + bytes()
                        + " bytes, " + records + " records of " + LabelledImages.RECORD_BYTES + " bytes");
            }
            return Files.readAllBytes(file);
        } catch (DataException e) {
            throw e;
        } catch (IOException e) {
            throw new DataException(file + " cannot be read: " + e, e);
        }
    }

    /**
     * Checks every label, then the whole file.
     *
     * @throws DataException naming the first byte that cannot be right, or both check sums
     */
    void check(Path folder, byte[] bytes) throws DataException {
        for (int record = 0; record < records; record++) {
            int at = record * LabelledImages.RECORD_BYTES;
            checkLabel(folder, "coarse", bytes, at, record, LabelledImages.COARSE_CLASSES);
            checkLabel(folder, "fine", bytes, at + 1, record, LabelledImages.CLASSES);
        }
        String found = Digests.md5(bytes);
        if (!found.equals(md5)) {
            throw new DataException(folder.resolve(name) + " is damaged: its MD5 is " + found
                    + ", accepted is that of the published file, " + md5);
        }
    }

    private void checkLabel(Path folder, String kind, byte[] bytes, int at, int record, int classes)
            throws DataException {
        int label = bytes[at] & 0xFF;
        if (label >= classes) {
            throw new DataException(folder.resolve(name) + " is damaged at byte " + at + ": the " + kind
                    + " label of record " + record + " is " + label + ", accepted are 0 to " + (classes - 1));
        }
    }

    private static String remainder(long size) {
        long over = size % LabelledImages.RECORD_BYTES;
        return over == 0
                ? " (" + size / LabelledImages.RECORD_BYTES + " records)"
                : " (the last record, at byte " + (size - over) + ", is cut off after " + over + " bytes)";
    }
}
