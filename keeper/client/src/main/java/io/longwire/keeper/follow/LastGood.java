package io.longwire.keeper.follow;

import com.google.protobuf.InvalidProtocolBufferException;
import io.longwire.rpc.keeper.ConfigVersion;
import io.longwire.rpc.keeper.KeptConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stored configuration that a process keeps on disk, for a start without keeper and ZooKeeper: the version the part
 * is known to serve well with, and the one it was told since, with which the next start begins. A start that began with
 * that and died, before it was known to be good, is followed by one with the version before: so no version keeps a
 * process down for good. Thread-safe.
 */
public final class LastGood {
    private static final Logger LOG = LoggerFactory.getLogger(LastGood.class);
    private static final KeptConfig NONE = KeptConfig.getDefaultInstance();
    private static final int HEAD_BYTES = Integer.BYTES + Long.BYTES; // length, checksum

    private final Path file;
    private KeptConfig kept;

    /** Reads what is there. What cannot be read, or is not whole, counts as nothing, and is told. */
    public LastGood(Path dataDir, String part) {
        this.file = dataDir.resolve(part + "-config.bin");
        this.kept = read();
    }

    /** What a start begins with; number 0 and no layers if there is nothing. */
    public synchronized ConfigVersion first() {
        boolean died = failed() != 0 && kept.getWanted().getNumber() == failed(); // 0 is the file alone, as a version
        return kept.hasWanted() && !died ? kept.getWanted() : kept.getProven();
    }

    /** The version that the part serves well with. */
    public synchronized ConfigVersion proven() {
        return kept.getProven();
    }

    /** The version that the start before began with, and died of, for all that is known; 0 = it did not. */
    public synchronized long failed() {
        return kept.getTrying();
    }

    /** A start begins with this version: until it is proven, it counts as one that the part cannot serve with. */
    public synchronized void trying(ConfigVersion version) {
        if (version.getNumber() != 0 && version.getNumber() != kept.getProven().getNumber()) {
            write(kept.toBuilder().setWanted(version).setTrying(version.getNumber()).build());
        }
    }

    /** The part serves well with this version, all of it. */
    public synchronized void proven(ConfigVersion version) {
        KeptConfig good = KeptConfig.newBuilder().setProven(version).build();
        if (!good.equals(kept) && (version.getNumber() != 0 || !kept.equals(NONE))) {
            write(good);
        }
    }

    /**
     * The part was told this version while it served: it is not known to be good yet, or some of its keys count from
     * the next start on.
     */
    public synchronized void wanted(ConfigVersion version) {
        KeptConfig.Builder fresh = kept.toBuilder().setWanted(version);
        write((version.getNumber() == kept.getTrying() ? fresh : fresh.clearTrying()).build());
    }

    /** The process ends in order: that is no fault of the version that it tries. */
    public synchronized void ended() {
        if (kept.getTrying() != 0) {
            write(kept.toBuilder().clearTrying().build());
        }
    }

    private KeptConfig read() {
        try {
            ByteBuffer data = ByteBuffer.wrap(Files.readAllBytes(file));
            if (data.remaining() < HEAD_BYTES || data.getInt() != data.remaining() - Long.BYTES
                    || data.getLong() != checksum(data.duplicate())) {
                LOG.warn("{}: broken, and counts as none", file);
                return NONE;
            }
            return KeptConfig.parseFrom(data);
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

    // Replaces the file in one step, its content on the disk before. A full disk is told, and the file before stays.
    private void write(KeptConfig fresh) {
        kept = fresh;
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            byte[] body = fresh.toByteArray();
            ByteBuffer data = ByteBuffer.allocate(HEAD_BYTES + body.length).putInt(body.length)
                    .putLong(checksum(ByteBuffer.wrap(body))).put(body).flip();
            try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING)) {
                while (data.hasRemaining()) {
                    channel.write(data);
                }
                channel.force(true);
            }
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            LOG.warn("{}: could not be written, a start without ZooKeeper would use an older one", file, failure);
        }
    }

    private static long checksum(ByteBuffer data) {
        var sum = new CRC32C();
        sum.update(data);
        return sum.getValue();
    }
}
