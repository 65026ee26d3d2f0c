package io.longwire.keeper.agent.version;

import com.google.protobuf.InvalidProtocolBufferException;
import io.longwire.keeper.trust.Purpose;
import io.longwire.keeper.trust.TrustedKeys;
import io.longwire.rpc.agent.DeployReply;
import io.longwire.rpc.agent.SignedManifest;
import io.longwire.rpc.agent.VersionManifest;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The versions on this host, a directory each, which appears in one step when everything about it was checked, and is
 * never changed afterwards. Thread-safe; one upload at a time.
 */
public final class Versions {
    private static final Logger LOG = LoggerFactory.getLogger(Versions.class);
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.-]{0,63}");
    private static final long MOST_BYTES = 1L << 30;
    private static final int HASH_BYTES = 32;
    private static final String CHECKSUM = "CHECKSUM";

    private final Path directory;
    private final TrustedKeys trusted;
    private final Semaphore uploading = new Semaphore(1);

    /** @param home where the directory "versions" is kept */
    public Versions(Path home, TrustedKeys trusted) throws IOException {
        this.directory = Files.createDirectories(home.resolve("versions")).toRealPath();
        this.trusted = trusted;
        // What an upload that died has left.
        try (var all = Files.list(directory)) {
            for (Path left : all.filter(one -> String.valueOf(one.getFileName()).startsWith(".")).toList()) {
                delete(left);
            }
        }
    }

    public Path directory() {
        return directory;
    }

    /** Their names, sorted. */
    public List<String> names() {
        try (var all = Files.list(directory)) {
            return all.filter(Files::isDirectory).map(one -> String.valueOf(one.getFileName()))
                    .filter(name -> !name.startsWith(".")).sorted().toList();
        } catch (IOException unreadable) {
            LOG.warn("versions: {}", unreadable.toString());
            return List.of();
        }
    }

    /** Where a version is. Throws {@link Refusal} for a name that cannot be one, or is not here. */
    public Path find(String version) {
        Path place = directory.resolve(checked(version));
        if (!Files.isDirectory(place)) {
            throw Refusal.wrong("version: " + version + " (expected: one of " + names() + ")");
        }
        return place;
    }

    /**
     * The answer for a version that is here already; empty = it is not. Throws {@link Refusal} unless somebody trusted
     * signed it, and for another one of that name.
     */
    public Optional<DeployReply> there(SignedManifest signed) throws IOException {
        return there(believed(signed));
    }

    private Optional<DeployReply> there(VersionManifest manifest) throws IOException {
        Path place = directory.resolve(manifest.getVersion());
        if (!Files.isDirectory(place)) {
            return Optional.empty();
        }
        String there = Files.readString(place.resolve(CHECKSUM)).strip();
        if (!there.equals(checksum(manifest))) {
            throw Refusal.notNow("version: " + manifest.getVersion()
                    + " is here with another checksum (expected: a new name for a new version)");
        }
        return Optional.of(DeployReply.newBuilder().setVersion(manifest.getVersion()).setAlready(true).build());
    }

    private static String checksum(VersionManifest manifest) {
        return HexFormat.of().formatHex(manifest.getSha256().toByteArray());
    }

    /** Begins to take a version. Throws {@link Refusal} unless somebody trusted signed it and there is room for it. */
    public Upload begin(SignedManifest signed) throws IOException {
        VersionManifest manifest = believed(signed);
        if (!uploading.tryAcquire()) {
            throw Refusal.notNow("deploy: another version is being taken (expected: one at a time)");
        }
        boolean well = false;
        try {
            long free = Files.getFileStore(directory).getUsableSpace();
            if (free < 3 * manifest.getSize()) {
                throw Refusal
                        .full("size: " + manifest.getSize() + " (expected: three times that free, there are " + free
                                + ")");
            }
            var upload = new Upload(this, manifest, Files.createTempDirectory(directory, ".upload-"));
            well = true;
            return upload;
        } finally {
            if (!well) {
                uploading.release();
            }
        }
    }

    private VersionManifest believed(SignedManifest signed) {
        byte[] content = signed.getManifest().toByteArray();
        if (!trusted.signed(signed.getKeyId(), Purpose.VERSION, content, signed.getSignature().toByteArray())) {
            throw Refusal.untrusted("signature: " + (trusted.knows(signed.getKeyId())
                    ? "wrong"
                    : "of an unknown key "
                            + Upload.shown(signed.getKeyId()))
                    + " (expected: of a trusted key, over this manifest)");
        }
        VersionManifest manifest;
        try {
            manifest = VersionManifest.parseFrom(content);
        } catch (InvalidProtocolBufferException broken) {
            throw Refusal.wrong("manifest: unreadable (expected: a VersionManifest)");
        }
        checked(manifest.getVersion());
        if (manifest.getSize() < 1 || manifest.getSize() > MOST_BYTES) {
            throw Refusal.wrong("size: " + manifest.getSize() + " (expected: 1 to " + MOST_BYTES + ")");
        }
        if (manifest.getSha256().size() != HASH_BYTES) {
            throw Refusal.wrong("sha256: " + manifest.getSha256().size() + " bytes (expected: " + HASH_BYTES + ")");
        }
        return manifest;
    }

    private static String checked(String version) {
        if (!NAME.matcher(version).matches()) {
            throw Refusal.wrong("version: " + Upload.shown(version)
                    + " (expected: letters, digits, dots and minus, at most 64, a letter or digit first)");
        }
        return version;
    }

    // The archive is whole and is what was signed.
    DeployReply settle(VersionManifest manifest, Path archive, Path scratch) throws IOException {
        Optional<DeployReply> there = there(manifest);
        if (there.isPresent()) {
            return there.get();
        }
        String checksum = checksum(manifest);
        Path place = directory.resolve(manifest.getVersion());
        Path unpacked = Files.createDirectory(scratch.resolve("unpacked"));
        int files = Archive.unpack(archive, unpacked);
        Files.writeString(unpacked.resolve(CHECKSUM), checksum + "\n");
        Files.move(unpacked, place, StandardCopyOption.ATOMIC_MOVE);
        LOG.info("version {} is here: {} files, checksum {}", manifest.getVersion(), files, checksum);
        return DeployReply.newBuilder().setVersion(manifest.getVersion()).setFiles(files).build();
    }

    void over(Path scratch) {
        try {
            delete(scratch);
        } catch (IOException left) {
            LOG.warn("{} could not be deleted: {}", scratch, left.toString());
        } finally {
            uploading.release();
        }
    }

    private static void delete(Path root) throws IOException {
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes seen) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path done, @Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(done);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
