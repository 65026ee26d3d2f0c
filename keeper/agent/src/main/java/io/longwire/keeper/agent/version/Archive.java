package io.longwire.keeper.agent.version;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** A version's zip archive. What would land outside of its directory, or is too much, is refused before it is made. */
final class Archive {
    private static final int MOST_FILES = 5_000;
    private static final long MOST_BYTES = 4L << 30;
    private static final int BUFFER_BYTES = 64 << 10;

    private Archive() {
    }

    /** Unpacks all; returns how many files. Throws {@link Refusal}; what was made until then is left there. */
    static int unpack(Path archive, Path into) throws IOException {
        try (var zip = new ZipFile(archive.toFile())) {
            if (zip.size() > MOST_FILES) {
                throw Refusal.wrong("archive: " + zip.size() + " entries (expected: at most " + MOST_FILES + ")");
            }
            check(zip, into);
            int files = 0;
            long left = MOST_BYTES;
            for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements();) {
                ZipEntry entry = all.nextElement();
                Path target = inside(into, entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else {
                    Files.createDirectories(target.getParent());
                    left -= copy(zip, entry, target, left);
                    files++;
                }
            }
            return files;
        } catch (java.util.zip.ZipException broken) {
            throw Refusal.wrong("archive: " + broken.getMessage() + " (expected: a zip file)");
        }
    }

    private static void check(ZipFile zip, Path into) {
        boolean jars = false;
        for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements();) {
            String name = all.nextElement().getName();
            inside(into, name);
            jars |= name.startsWith("lib/") && name.endsWith(".jar");
        }
        if (!jars) {
            throw Refusal.wrong("archive: no lib/*.jar in it (expected: the jars of the platform)");
        }
    }

    private static Path inside(Path root, String name) {
        try {
            Path target = root.resolve(name).normalize();
            if (!name.startsWith("/") && name.indexOf('\\') < 0 && target.startsWith(root) && !target.equals(root)) {
                return target;
            }
        } catch (InvalidPathException notAPath) {
            throw Refusal.wrong("archive: an entry with a name that is no path (expected: a path inside the archive)");
        }
        throw Refusal.wrong("archive: entry " + name + " (expected: a path inside the archive)");
    }

    // The sizes in the archive are somebody's word; what counts is what comes out.
    private static long copy(ZipFile zip, ZipEntry entry, Path target, long left) throws IOException {
        long copied = 0;
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = zip.getInputStream(entry); OutputStream out = Files.newOutputStream(target)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                copied += n;
                if (copied > left) {
                    throw Refusal.wrong("archive: more than " + MOST_BYTES + " bytes unpacked (expected: at most so)");
                }
                out.write(buffer, 0, n);
            }
        }
        return copied;
    }
}
