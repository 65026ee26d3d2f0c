package io.longwire.sdk.store;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Records at the end of a file. Each: magic (2) | length (4) | CRC-32 of the body (4) | body, big-endian. A reader
 * skips what is no such record byte by byte until one is, so one broken record costs that record alone; a torn tail,
 * left by a kill, is cut off. Guarded by its owner.
 */
final class LogFile<R extends MessageLite> implements AutoCloseable {
    private static final short MAGIC = 0x4C57;
    private static final int HEADER_BYTES = 10;
    private static final int BODY_MAX_BYTES = 128 * 1024;
    private static final int FILE_MAX_BYTES = 64 << 20;

    private final File file;
    private final boolean sync;
    private final Parser<R> parser;
    private RandomAccessFile out;
    private long length;

    private LogFile(File file, boolean sync, Parser<R> parser, RandomAccessFile out) {
        this.file = file;
        this.sync = sync;
        this.parser = parser;
        this.out = out;
    }

    /** Opens the file and gives all records that are whole to {@code into}. */
    static <R extends MessageLite> LogFile<R> open(File file, boolean sync, Parser<R> parser, List<R> into)
            throws IOException {
        RandomAccessFile raw = new RandomAccessFile(file, "rw");
        LogFile<R> log = new LogFile<>(file, sync, parser, raw);
        boolean well = false;
        try {
            log.length = log.readAll(into);
            raw.setLength(log.length);
            raw.seek(log.length);
            well = true;
            return log;
        } finally {
            if (!well) {
                raw.close();
            }
        }
    }

    /**
     * Adds a record.
     *
     * @param force whether it must be on the disk when this returns, where the log syncs at all
     * @throws IOException it is not in the log
     */
    void append(R record, boolean force) throws IOException {
        byte[] bytes = encode(record);
        boolean well = false;
        try {
            out.write(bytes);
            if (force && sync) {
                out.getFD().sync();
            }
            well = true;
        } finally {
            if (!well) {
                cutBack();
            }
        }
        length += bytes.length;
    }

    /** Replaces the file by one with these records. When this throws the old one goes on. */
    void rewrite(List<R> records) throws IOException {
        File beside = new File(file.getPath() + ".new");
        RandomAccessFile fresh = new RandomAccessFile(beside, "rw");
        long written = 0;
        boolean well = false;
        try {
            fresh.setLength(0);
            for (R record : records) {
                byte[] bytes = encode(record);
                fresh.write(bytes);
                written += bytes.length;
            }
            if (sync) {
                fresh.getFD().sync();
            }
            if (!beside.renameTo(file)) {
                throw new IOException("file: " + file + " cannot be replaced (expected: a writable directory)");
            }
            well = true;
        } finally {
            if (!well) {
                fresh.close();
            }
        }
        RandomAccessFile old = out;
        out = fresh;
        length = written;
        old.close();
    }

    /** Bytes in the file. */
    long length() {
        return length;
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    // Half a record may stand there now: without this it would hide the next one until the file is read anew.
    private void cutBack() throws IOException {
        out.setLength(length);
        out.seek(length);
    }

    private static byte[] encode(MessageLite record) {
        byte[] body = record.toByteArray();
        CRC32 crc = new CRC32();
        crc.update(body, 0, body.length);
        return ByteBuffer.allocate(HEADER_BYTES + body.length).putShort(MAGIC).putInt(body.length)
                .putInt((int) crc.getValue()).put(body).array();
    }

    // Returns where the last whole record ends.
    private long readAll(List<R> into) throws IOException {
        long size = out.length();
        if (size > FILE_MAX_BYTES) {
            return 0;
        }
        byte[] bytes = new byte[(int) size];
        out.seek(0);
        out.readFully(bytes);
        ByteBuffer numbers = ByteBuffer.wrap(bytes);
        int end = 0;
        int at = 0;
        while (at + HEADER_BYTES <= bytes.length) {
            R record = recordAt(bytes, numbers, at);
            if (record == null) {
                at++;
            } else {
                into.add(record);
                at += HEADER_BYTES + numbers.getInt(at + 2);
                end = at;
            }
        }
        return end;
    }

    private @Nullable R recordAt(byte[] all, ByteBuffer numbers, int at) {
        int body = numbers.getInt(at + 2);
        if (numbers.getShort(at) != MAGIC || body < 0 || body > BODY_MAX_BYTES
                || at + HEADER_BYTES + body > all.length) {
            return null;
        }
        CRC32 crc = new CRC32();
        crc.update(all, at + HEADER_BYTES, body);
        if ((int) crc.getValue() != numbers.getInt(at + 6)) {
            return null;
        }
        try {
            return parser.parseFrom(all, at + HEADER_BYTES, body);
        } catch (InvalidProtocolBufferException broken) {
            return null;
        }
    }
}
