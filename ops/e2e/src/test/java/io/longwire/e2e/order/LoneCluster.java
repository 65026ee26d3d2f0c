package io.longwire.e2e.order;

import io.longwire.keeper.cluster.Cluster;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.cluster.Members;
import io.longwire.keeper.cluster.SlotMap;
import io.longwire.rpc.cluster.Stamp;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A cluster in which center is alone and well: all that minting asks for. */
final class LoneCluster implements Cluster {
    private static final Subscription NONE = () -> {
    };

    @Override
    public Member self() {
        return new Member("center", "center-1", 1, "here", "idc", "", "", 0, false, Map.of());
    }

    @Override
    public Members members(String part) {
        return new Members(part, List.of());
    }

    @Override
    public Subscription onMembers(String part, Consumer<Members> listener) {
        return NONE;
    }

    @Override
    public SlotMap registerMap() {
        return SlotMap.NONE;
    }

    @Override
    public Subscription onRegisterMap(Consumer<SlotMap> listener) {
        return NONE;
    }

    @Override
    public int shardOf(int slot) {
        return 0;
    }

    @Override
    public CompletableFuture<SlotMap> atLeast(long epoch) {
        return CompletableFuture.completedFuture(SlotMap.NONE);
    }

    @Override
    public Stamp stamp() {
        return Stamp.getDefaultInstance();
    }

    @Override
    public void heard(Stamp stamp) {
    }

    @Override
    public boolean fenced() {
        return false;
    }

    @Override
    public Subscription onFence(Consumer<Boolean> listener) {
        return NONE;
    }

    @Override
    public Subscription onReincarnation(Consumer<Member> listener) {
        return NONE;
    }

    @Override
    public void publish(Map<String, String> attributes) {
    }

    @Override
    public void drain() {
    }
}
