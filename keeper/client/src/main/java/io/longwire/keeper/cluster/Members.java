package io.longwire.keeper.cluster;

import java.util.List;
import java.util.Optional;

/** The live processes of one part at one moment, ordered by instance. */
public record Members(String part, List<Member> list) {
    public Members {
        list = List.copyOf(list);
    }

    public boolean isEmpty() { return list.isEmpty(); }

    /**
     * Those that can be called. Who calls keeps to the ones it knew when this is empty: a whole part vanishes at once
     * when ZooKeeper lost its sessions, and its processes serve on; those that are gone indeed do not answer.
     */
    public List<Member> reachable() {
        return list.stream().filter(member -> !member.rpcAddress().isEmpty()).toList();
    }

    public Optional<Member> byIndex(int index) {
        return list.stream().filter(member -> member.index() == index).findFirst();
    }

    /**
     * The member that works the slot, by rendezvous hash: a member that comes or goes moves only its own slots.
     * During a
     * change two processes may both think it is theirs, so work done under it must be idempotent.
     */
    public Optional<Member> ownerOf(int slot) {
        Member best = null;
        long bestScore = 0;
        for (Member member : list) {
            long score = Rendezvous.score(member.instance(), slot);
            if (best == null || Long.compareUnsigned(score, bestScore) > 0) {
                best = member;
                bestScore = score;
            }
        }
        return Optional.ofNullable(best);
    }
}
