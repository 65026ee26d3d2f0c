package io.longwire.keeper.cluster;

import io.longwire.rpc.cluster.MemberRecord;
import io.longwire.rpc.cluster.ShardMapRecord;
import io.longwire.rpc.cluster.SlotMapRecord;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was last known of the cluster, on disk, for a start without ZooKeeper: the two maps, then the members, each as a
 * length-delimited record. A file that cannot be read counts as none.
 */
record LastKnown(SlotMapRecord slots, ShardMapRecord shards, List<MemberRecord> members) {
    private static final Logger LOG = LoggerFactory.getLogger(LastKnown.class);
    static final LastKnown NOTHING = new LastKnown(SlotMapRecord.getDefaultInstance(),
            ShardMapRecord.getDefaultInstance(), List.of());

    static LastKnown read(Path file) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            SlotMapRecord slots = SlotMapRecord.parseDelimitedFrom(in);
            ShardMapRecord shards = ShardMapRecord.parseDelimitedFrom(in);
            var members = new ArrayList<MemberRecord>();
            for (MemberRecord m = MemberRecord.parseDelimitedFrom(in); m != null; m = MemberRecord
                    .parseDelimitedFrom(in)) {
                members.add(m);
            }
            return slots == null || shards == null ? NOTHING : new LastKnown(slots, shards, members);
        } catch (NoSuchFileException firstStart) {
            return NOTHING;
        } catch (IOException unreadable) {
            LOG.warn("{}: cannot be read and counts as empty", file, unreadable);
            return NOTHING;
        }
    }

    /** Replaces the file in one step. */
    void write(Path file) throws IOException {
        var bytes = new ByteArrayOutputStream();
        slots.writeDelimitedTo(bytes);
        shards.writeDelimitedTo(bytes);
        for (MemberRecord member : members) {
            member.writeDelimitedTo(bytes);
        }
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(fresh, bytes.toByteArray());
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    Members members(String part) {
        return new Members(part, members.stream().filter(m -> m.getPart().equals(part)).map(ClusterRecords::member)
                .toList());
    }

    static List<MemberRecord> records(Collection<Members> all) {
        return all.stream().flatMap(members -> members.list().stream()).map(ClusterRecords::record).toList();
    }
}
