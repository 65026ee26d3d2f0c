package io.longwire.saver;

import io.longwire.keeper.cluster.Cluster;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.cluster.Members;
import io.longwire.keeper.cluster.SlotMap;
import io.longwire.rpc.cluster.Stamp;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A cluster of this saver alone, which works every slot unless the test fences it. */
public final class FakeCluster implements Cluster {
    private static final Member SELF = new Member("saver", "saver-1", 1, "127.0.0.1", "local", "", "", 0, false,
            Map.of());
    private volatile boolean fenced;

    public void fence(boolean cutOff) {
        fenced = cutOff;
    }

    @Override
    public Member self() {
        return SELF;
    }

    @Override
    public Members members(String part) {
        return new Members(part, List.of(SELF));
    }

    @Override
    public Subscription onMembers(String part, Consumer<Members> listener) {
        listener.accept(members(part));
        return () -> {
        };
    }

    @Override
    public SlotMap registerMap() {
        return SlotMap.NONE;
    }

    @Override
    public Subscription onRegisterMap(Consumer<SlotMap> listener) {
        listener.accept(SlotMap.NONE);
        return () -> {
        };
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
        // nobody else is there
    }

    @Override
    public boolean fenced() {
        return fenced;
    }

    @Override
    public Subscription onFence(Consumer<Boolean> listener) {
        return () -> {
        };
    }

    @Override
    public Subscription onReincarnation(Consumer<Member> listener) {
        return () -> {
        };
    }

    @Override
    public void publish(Map<String, String> attributes) {
        // nobody reads them
    }

    @Override
    public void drain() {
        // nobody asks
    }
}
