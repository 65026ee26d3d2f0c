package io.longwire.cli.platform;

import io.longwire.keeper.service.SecretsFile;
import io.longwire.keeper.service.StartFailure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The data directory of a one-JVM platform: stores, secrets, certificate, small kept values. Held by one process at a
 * time, by a file lock that dies with it.
 */
final class PlatformFiles implements AutoCloseable {
    private final Path root;
    private final FileChannel lockFile;
    private final String adminKey;
    private final DevCertificate certificate;

    private PlatformFiles(Path root, FileChannel lockFile) throws IOException {
        this.root = root;
        this.lockFile = lockFile;
        if (!Files.exists(secrets())) {
            write("admin-key", SecretsFile.create(secrets()));
        }
        this.adminKey = Files.readString(root.resolve("admin-key")).strip();
        this.certificate = DevCertificate.in(root);
    }

    /** Opens or makes the directory; StartFailure if another platform runs in it. */
    static PlatformFiles open(Path directory) {
        Path root = directory.toAbsolutePath().normalize();
        FileChannel file = null;
        try {
            Files.createDirectories(root, PosixFilePermissions.asFileAttribute(
                    PosixFilePermissions.fromString("rwx------")));
            file = FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (tryLock(file) == null) {
                file.close();
                throw new StartFailure("--data: " + directory + " (expected: a directory no running platform uses)",
                        null);
            }
            return new PlatformFiles(root, file);
        } catch (IOException unusable) {
            throw new StartFailure("--data: " + directory + " (expected: a writable directory; " + unusable.getMessage()
                    + ")", unusable);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (java.nio.channels.OverlappingFileLockException ours) {
            return null;
        }
    }

    /** A folder in it, made if missing. */
    Path folder(String name) {
        try {
            return Files.createDirectories(root.resolve(name));
        } catch (IOException full) {
            throw new StartFailure(root.resolve(name) + ": could not be made (" + full.getMessage() + ")", full);
        }
    }

    /** A file in it, there or not. */
    Path file(String name) {
        return root.resolve(name);
    }

    Path secrets() {
        return root.resolve("secrets.yaml");
    }

    String adminKey() {
        return adminKey;
    }

    DevCertificate certificate() {
        return certificate;
    }

    /** A small secret value: the kept one, or what the maker gives now. */
    String kept(String name, Supplier<String> maker) {
        try {
            if (!Files.exists(root.resolve(name))) {
                write(name, maker.get());
            }
            return Files.readString(root.resolve(name)).strip();
        } catch (IOException unreadable) {
            throw new StartFailure(root.resolve(name) + ": " + unreadable.getMessage(), unreadable);
        }
    }

    static String randomPassword() {
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    private void write(String name, String value) throws IOException {
        Path file = root.resolve(name);
        Files.writeString(file, value + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
    }
}
