package io.longwire.center.fakes;

import io.longwire.keeper.cluster.Cluster;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.cluster.Members;
import io.longwire.keeper.cluster.SlotMap;
import io.longwire.rpc.cluster.Stamp;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A cluster of this center and room 7. */
public final class FakeCluster implements Cluster {
    private volatile int lease = 5;
    private volatile boolean fenced;

    public void lease(int index) {
        lease = index;
    }

    public void fence(boolean cutOff) {
        fenced = cutOff;
    }

    @Override
    public Member self() {
        return member("center", lease);
    }

    @Override
    public Members members(String part) {
        return new Members(part, List.of(part.equals("room") ? member(part, 7) : member(part, lease)));
    }

    @Override
    public boolean fenced() {
        return fenced;
    }

    @Override
    public Subscription onMembers(String part, Consumer<Members> listener) {
        throw new UnsupportedOperationException();
    }

    @Override
    public SlotMap registerMap() {
        return SlotMap.NONE;
    }

    @Override
    public Subscription onRegisterMap(Consumer<SlotMap> listener) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int shardOf(int slot) {
        return 0;
    }

    @Override
    public CompletableFuture<SlotMap> atLeast(long epoch) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Stamp stamp() {
        return Stamp.getDefaultInstance();
    }

    @Override
    public void heard(Stamp stamp) {
        // nobody asks
    }

    @Override
    public Subscription onFence(Consumer<Boolean> listener) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Subscription onReincarnation(Consumer<Member> listener) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void publish(Map<String, String> attributes) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void drain() {
        throw new UnsupportedOperationException();
    }

    private static Member member(String part, int index) {
        return new Member(part, part + "-" + index, index, "host", "local", "127.0.0.1:1", "", 0, false, Map.of());
    }
}
