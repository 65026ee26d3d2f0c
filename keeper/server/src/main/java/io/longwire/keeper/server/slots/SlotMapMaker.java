package io.longwire.keeper.server.slots;

import com.google.protobuf.ByteString;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.cluster.Rendezvous;
import io.longwire.keeper.cluster.Slots;
import io.longwire.rpc.cluster.SlotMapRecord;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Makes a slot map from a list of registers. The owners of a slot are the two members with the highest rendezvous
 * weight,
 * the second one from another IDC than the first where there is one. So a member that leaves moves only the slots it
 * owned, spread over all others, and one that joins takes only what it will own. Pure: the same members give the same
 * owners, whatever their order.
 */
public final class SlotMapMaker {
    private static final int NONE = 0xffff;

    private SlotMapMaker() {
    }

    /** The map of these members; with one member there is no second owner, with none no owner at all. */
    public static SlotMapRecord make(long epoch, List<Member> members, long nowMillis) {
        List<Member> sorted = members.stream().sorted(Comparator.comparing(Member::instance)).toList();
        ByteBuffer owners = ByteBuffer.allocate(Slots.COUNT * 2 * Short.BYTES);
        for (int slot = 0; slot < Slots.COUNT; slot++) {
            int first = best(sorted, slot, NONE, false);
            int second = first == NONE ? NONE : best(sorted, slot, first, true);
            if (second == NONE && first != NONE) {
                second = best(sorted, slot, first, false);
            }
            owners.putShort((short) first).putShort((short) second);
        }
        return SlotMapRecord.newBuilder().setEpoch(epoch).setPublishedMs(nowMillis)
                .addAllInstances(sorted.stream().map(Member::instance).collect(Collectors.toList()))
                .addAllAddresses(sorted.stream().map(Member::rpcAddress).collect(Collectors.toList()))
                .addAllIdcs(sorted.stream().map(Member::idc).collect(Collectors.toList()))
                .setOwners(ByteString.copyFrom(owners.flip())).build();
    }

    // The index of the member with the highest weight, the taken one aside, and its whole IDC if so asked.
    private static int best(List<Member> members, int slot, int taken, boolean otherIdc) {
        int best = NONE;
        long bestScore = 0;
        for (int i = 0; i < members.size(); i++) {
            if (i == taken || (otherIdc && members.get(i).idc().equals(members.get(taken).idc()))) {
                continue;
            }
            long score = Rendezvous.score(members.get(i).instance(), slot);
            if (best == NONE || Long.compareUnsigned(score, bestScore) > 0) {
                best = i;
                bestScore = score;
            }
        }
        return best;
    }
}
