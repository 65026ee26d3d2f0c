package io.longwire.keeper.follow;

import com.google.protobuf.InvalidProtocolBufferException;
import io.longwire.rpc.keeper.ConfigVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The stored configuration this process last ran with, on disk, for a start without keeper and ZooKeeper. */
public final class LastGood {
    private static final Logger LOG = LoggerFactory.getLogger(LastGood.class);
    private static final ConfigVersion NONE = ConfigVersion.getDefaultInstance();

    private final Path file;

    public LastGood(Path dataDir, String part) {
        this.file = dataDir.resolve(part + "-config.bin");
    }

    /** Number 0 and no layers if there is none; one that cannot be read counts as none. */
    public ConfigVersion read() {
        try {
            return ConfigVersion.parseFrom(Files.readAllBytes(file));
        } catch (NoSuchFileException firstStart) {
            return NONE;
        } catch (InvalidProtocolBufferException broken) {
            LOG.warn("{}: broken, and counts as none", file, broken);
            return NONE;
        } catch (IOException unreadable) {
            LOG.warn("{}: cannot be read, and counts as none", file, unreadable);
            return NONE;
        }
    }

    /** Replaces the file in one step. A full disk is told, and the file before stays. */
    public void write(ConfigVersion version) {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(fresh, version.toByteArray());
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            LOG.warn("{}: could not be written, a start without ZooKeeper would use an older one", file, failure);
        }
    }
}
