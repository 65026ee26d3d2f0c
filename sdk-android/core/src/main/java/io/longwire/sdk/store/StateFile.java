package io.longwire.sdk.store;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A small file that is always whole: written beside and moved over the old one. A reader sees the old content or the
 * new one, after a kill at any moment; bytes that a bad disk changed are noticed by their checksum.
 *
 * <p>Layout, big-endian: magic (4) | length (4) | CRC-32 of the content (4) | content.
 */
final class StateFile {
    private static final int MAGIC = 0x4C573031;
    private static final int HEADER_BYTES = 12;
    private static final int CONTENT_MAX_BYTES = 1 << 20;

    private final File file;
    private final File beside;
    private final boolean sync;

    /**
     * @param sync whether a written file is forced to the disk, so that it also survives a power cut
     */
    StateFile(File directory, String name, boolean sync) {
        this.file = new File(directory, name);
        this.beside = new File(directory, name + ".new");
        this.sync = sync;
    }

    /** The content; null when there is none, or none that is whole: such a file is deleted. */
    byte @Nullable [] read() throws IOException {
        if (beside.exists() && !beside.delete()) {
            throw new IOException("file: " + beside + " cannot be deleted (expected: a writable directory)");
        }
        if (!file.exists()) {
            return null;
        }
        byte[] content = whole();
        if (content == null && !file.delete()) {
            throw new IOException("file: " + file + " cannot be deleted (expected: a writable directory)");
        }
        return content;
    }

    /** Replaces the content. When this throws the old one is still there. */
    void write(byte[] content) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(content, 0, content.length);
        try (FileOutputStream out = new FileOutputStream(beside)) {
            DataOutputStream data = new DataOutputStream(out);
            data.writeInt(MAGIC);
            data.writeInt(content.length);
            data.writeInt((int) crc.getValue());
            data.write(content);
            data.flush();
            if (sync) {
                out.getFD().sync();
            }
        }
        if (!beside.renameTo(file)) {
            throw new IOException("file: " + file + " cannot be replaced (expected: a writable directory)");
        }
    }

    void delete() throws IOException {
        if (file.exists() && !file.delete()) {
            throw new IOException("file: " + file + " cannot be deleted (expected: a writable directory)");
        }
    }

    private byte @Nullable [] whole() throws IOException {
        long length = file.length();
        if (length < HEADER_BYTES || length > HEADER_BYTES + CONTENT_MAX_BYTES) {
            return null;
        }
        try (DataInputStream data = new DataInputStream(new FileInputStream(file))) {
            int magic = data.readInt();
            int size = data.readInt();
            int sum = data.readInt();
            if (magic != MAGIC || size != length - HEADER_BYTES) {
                return null;
            }
            byte[] content = new byte[size];
            data.readFully(content);
            CRC32 crc = new CRC32();
            crc.update(content, 0, content.length);
            return (int) crc.getValue() == sum ? content : null;
        }
    }
}
