package io.gradwatch.telemetry.tensorboard;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Frames of a TFRecord file: the length (8 bytes, little-endian), its masked CRC-32C (4), the data, their masked CRC-32C (4).
 */
final class TfRecords {
    private static final int LARGEST = 256 << 20;
    private static final int MASK_DELTA = 0xa282ead8;

    private TfRecords() {}

    static void write(OutputStream out, byte[] data) throws IOException {
        byte[] length = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(data.length)
                .array();
        out.write(length);
        out.write(little(masked(length)));
        out.write(data);
        out.write(little(masked(data)));
    }

    /** CRC-32C, rotated right by 15 bits, plus a constant: so that a CRC over data with CRCs in them stays good. */
    static int masked(byte[] data) {
        CRC32C crc = new CRC32C();
        crc.update(data, 0, data.length);
        return Integer.rotateRight((int) crc.getValue(), 15) + MASK_DELTA;
    }

    private static byte[] little(int value) {
        return ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array();
    }

    /** Reads frames one after the other. Not thread-safe. */
    static final class Reader {
        private final InputStream in;
        private final String name;
        private long offset;

        /**
         * @param name of the file, for messages
         */
        Reader(InputStream in, String name) {
            this.in = in;
            this.name = name;
        }

        /** Where the next frame begins. */
        long offset() {
            return offset;
        }

        /**
         * The next frame's data; empty at the end of the file.
         *
         * @throws DamagedEventFileException the frame is not whole, or a checksum is wrong; reading cannot go on
         */
        Optional<byte[]> next() throws IOException, DamagedEventFileException {
            byte[] head = in.readNBytes(Long.BYTES + Integer.BYTES);
            if (head.length == 0) {
                return Optional.empty();
            }
            if (head.length < Long.BYTES + Integer.BYTES) {
                throw damaged("the file ends within the record's length");
            }
            ByteBuffer fields = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
            long length = fields.getLong();
            if (masked(java.util.Arrays.copyOf(head, Long.BYTES)) != fields.getInt()) {
                throw damaged("the checksum of the record's length is wrong");
            }
            if (length < 0 || length > LARGEST) {
                throw damaged("the record's length is " + length + " bytes; accepted are 0 to " + LARGEST);
            }
            byte[] data = in.readNBytes((int) length);
            byte[] crc = in.readNBytes(Integer.BYTES);
            if (crc.length < Integer.BYTES) {
                throw damaged("the file ends within the record, of which " + length + " bytes are expected");
            }
            if (masked(data)
                    != ByteBuffer.wrap(crc).order(ByteOrder.LITTLE_ENDIAN).getInt()) {
                throw damaged("the checksum of the record's data is wrong");
            }
            offset += head.length + length + crc.length;
            return Optional.of(data);
        }

        private DamagedEventFileException damaged(String what) {
            return new DamagedEventFileException(name + ": record at offset " + offset + ": " + what);
        }
    }
}
