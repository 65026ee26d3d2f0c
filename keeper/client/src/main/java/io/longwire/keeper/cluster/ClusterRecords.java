package io.longwire.keeper.cluster;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.longwire.rpc.cluster.MemberRecord;
import io.longwire.rpc.cluster.ShardMapRecord;
import io.longwire.rpc.cluster.SlotMapRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;

/** Between what stands in ZooKeeper and what the parts read. */
public final class ClusterRecords {
    private static final int NONE = 0xffff;

    private ClusterRecords() {
    }

    public static MemberRecord record(Member member) {
        return MemberRecord.newBuilder().setPart(member.part()).setInstance(member.instance()).setIndex(member.index())
                .setHost(member.host()).setIdc(member.idc()).setRpcAddress(member.rpcAddress())
                .setAdminAddress(member.adminAddress()).setStartedMs(member.startedMillis())
                .setDraining(member.draining()).putAllAttributes(member.attributes()).build();
    }

    public static Member member(MemberRecord record) {
        return new Member(record.getPart(), record.getInstance(), record.getIndex(), record.getHost(),
                record.getIdc(), record.getRpcAddress(), record.getAdminAddress(), record.getStartedMs(),
                record.getDraining(), record.getAttributesMap());
    }

    /** Throws InvalidProtocolBufferException for bytes that are no map, or one with owners that are not in it. */
    public static SlotMap slotMap(SlotMapRecord record) throws InvalidProtocolBufferException {
        int count = record.getInstancesCount();
        if (record.getAddressesCount() != count || record.getIdcsCount() != count
                || record.getOwners().size() != Slots.COUNT * 2 * Short.BYTES) {
            throw new InvalidProtocolBufferException("slot map " + record.getEpoch() + ": lists of different lengths");
        }
        var members = new ArrayList<SlotMap.Owner>(count);
        for (int i = 0; i < count; i++) {
            members.add(new SlotMap.Owner(record.getInstances(i), record.getAddresses(i), record.getIdcs(i)));
        }
        var owners = new short[Slots.COUNT * 2];
        ByteBuffer bytes = record.getOwners().asReadOnlyByteBuffer();
        for (int i = 0; i < owners.length; i++) {
            int index = Short.toUnsignedInt(bytes.getShort());
            if (index != NONE && index >= count) {
                throw new InvalidProtocolBufferException("slot map " + record.getEpoch() + ": owner " + index
                        + " (expected: below " + count + ")");
            }
            owners[i] = (short) (index == NONE ? 0 : index + 1);
        }
        return new SlotMap(record.getEpoch(), members, owners);
    }

    public static SlotMapRecord record(SlotMap map, long publishedMillis) {
        var record = SlotMapRecord.newBuilder().setEpoch(map.epoch()).setPublishedMs(publishedMillis);
        for (SlotMap.Owner owner : map.members()) {
            record.addInstances(owner.instance()).addAddresses(owner.rpcAddress()).addIdcs(owner.idc());
        }
        ByteBuffer bytes = ByteBuffer.allocate(Slots.COUNT * 2 * Short.BYTES);
        for (int slot = 0; slot < Slots.COUNT; slot++) {
            for (int rank = 0; rank < 2; rank++) {
                SlotMap.Owner owner = map.owner(slot, rank);
                bytes.putShort((short) (owner == null ? NONE : map.members().indexOf(owner)));
            }
        }
        return record.setOwners(ByteString.copyFrom(bytes.flip())).build();
    }

    static short[] shards(ShardMapRecord record) throws InvalidProtocolBufferException {
        if (record.getShards().size() != Slots.COUNT * Short.BYTES) {
            throw new InvalidProtocolBufferException("shard map " + record.getEpoch() + ": " + record.getShards().size()
                    + " bytes (expected: " + Slots.COUNT * Short.BYTES + ")");
        }
        var shards = new short[Slots.COUNT];
        record.getShards().asReadOnlyByteBuffer().asShortBuffer().get(shards);
        return shards;
    }
}
