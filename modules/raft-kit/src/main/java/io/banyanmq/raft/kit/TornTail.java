package io.banyanmq.raft.kit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Cuts off a half-written last entry of a Raft log, as a killed process leaves one.
///
/// Ratis makes the open segment longer than it is, with zeros, and then takes the zeros behind half an
/// entry for damage and refuses the whole log. Cut off is only what nobody can have been told about:
/// a last entry that ends in zeros before its checksum is complete. Anything else that does
/// not hold together stays, and Ratis refuses it.
final class TornTail {
    private static final Logger LOG = LoggerFactory.getLogger(TornTail.class);
    private static final byte[] HEADER = "RaftLog1".getBytes(US_ASCII);
    private static final int CHECKSUM_BYTES = Integer.BYTES;

    private TornTail() {}

    /// Looks at the open segments below the directory of one group's log, which nobody may have open.
    static void cut(Path log) throws IOException {
        Path current = log.resolve("current");
        if (!Files.isDirectory(current)) {
            return;
        }
        for (Path file : Disk.list(current)) {
            if (Disk.name(file).startsWith("log_inprogress_")) {
                cutSegment(file);
            }
        }
    }

    private static void cutSegment(Path file) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            if (channel.size() > Integer.MAX_VALUE) {
                return;
            }
            ByteBuffer bytes = ByteBuffer.allocate((int) channel.size());
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                // until all is read
            }
            int torn = tornAt(bytes.flip());
            if (torn >= 0) {
                channel.truncate(torn);
                channel.force(true);
                LOG.warn("{}: cut off a half-written last entry at byte {}", file, torn);
            }
        }
    }

    /// Where a half-written last entry begins; -1 if the segment does not end in one.
    static int tornAt(ByteBuffer segment) {
        int end = segment.limit();
        while (end > 0 && segment.get(end - 1) == 0) {
            end--;
        }
        if (end < HEADER.length || !Arrays.equals(header(segment), HEADER)) {
            return -1;
        }
        int start = HEADER.length;
        while (start < end) {
            Frame frame = Frame.at(segment, start);
            if (!frame.isWhole()) {
                return frame.isTorn(end) ? start : -1;
            }
            start = frame.end();
        }
        return -1;
    }

    private static byte[] header(ByteBuffer segment) {
        byte[] header = new byte[HEADER.length];
        segment.get(0, header);
        return header;
    }

    /// An entry in a segment: a varint length, as many bytes, and their CRC-32C together.
    ///
    /// @param checksumAt where the checksum stands, maybe beyond the end
    private record Frame(ByteBuffer segment, int start, long checksumAt) {
        static Frame at(ByteBuffer segment, int start) {
            long length = 0;
            int at = start;
            for (int shift = 0; at < segment.limit() && shift < 35; shift += 7) {
                byte next = segment.get(at++);
                length |= (long) (next & 0x7F) << shift;
                if (next >= 0) {
                    break;
                }
            }
            return new Frame(segment, start, at + length);
        }

        int end() {
            return (int) checksumAt + CHECKSUM_BYTES;
        }

        boolean isWhole() {
            return checksumAt + CHECKSUM_BYTES <= segment.limit()
                    && segment.getInt((int) checksumAt) == checksum();
        }

        /// Whether the bytes up to `writtenEnd`, with nothing but zeros behind, can be the beginning of it.
        boolean isTorn(int writtenEnd) {
            if (writtenEnd <= checksumAt) {
                return true;
            }
            int written = (int) (writtenEnd - checksumAt);
            return written < CHECKSUM_BYTES
                    && checksumAt + written <= segment.limit()
                    && Arrays.equals(beginning(written), checksumBeginning(written));
        }

        private byte[] beginning(int count) {
            byte[] bytes = new byte[count];
            segment.get((int) checksumAt, bytes);
            return bytes;
        }

        private byte[] checksumBeginning(int count) {
            return Arrays.copyOf(
                    ByteBuffer.allocate(CHECKSUM_BYTES).putInt(checksum()).array(), count);
        }

        private int checksum() {
            CRC32C crc = new CRC32C();
            crc.update(segment.duplicate().position(start).limit((int) checksumAt));
            return (int) crc.getValue();
        }
    }
}
