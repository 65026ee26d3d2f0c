package io.longwire.sdk.store;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.reflect.Field;

/** A disk that can be full: what is written then goes half-way, and fails. Stands below a log that is open. */
public final class FullDisk extends RandomAccessFile {
    public boolean full;
    public int failures;

    private FullDisk(File file) throws IOException {
        super(file, "rw");
        seek(length());
    }

    /** Puts one below this log. */
    public static FullDisk below(MessageLog log) throws IOException {
        return below((Object) log);
    }

    /** Puts one below this log. */
    public static FullDisk below(UplinkLog log) throws IOException {
        return below((Object) log);
    }

    private static FullDisk below(Object log) throws IOException {
        try {
            Object file = field(log, "file").get(log);
            Field out = field(file, "out");
            FullDisk disk = new FullDisk((File) field(file, "file").get(file));
            ((RandomAccessFile) out.get(file)).close();
            out.set(file, disk);
            return disk;
        } catch (ReflectiveOperationException changed) {
            throw new LinkageError(changed.getMessage(), changed);
        }
    }

    private static Field field(Object of, String name) throws NoSuchFieldException {
        Field field = of.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        if (full) {
            failures++;
            super.write(bytes, 0, bytes.length / 2);
            throw new IOException("No space left on device");
        }
        super.write(bytes);
    }
}
