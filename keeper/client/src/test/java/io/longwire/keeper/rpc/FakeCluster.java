package io.longwire.keeper.rpc;

import io.longwire.keeper.cluster.Cluster;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.cluster.Members;
import io.longwire.keeper.cluster.SlotMap;
import io.longwire.rpc.cluster.Stamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A cluster whose members a test names; the one of the testkit, which stands on this module, cannot be used here. */
final class FakeCluster implements Cluster {
    private final List<Consumer<Members>> listeners = new ArrayList<>();
    private Members members = new Members("register", List.of());

    static Member member(String instance, String address, String idc, boolean draining) {
        return new Member("register", instance, 1, "127.0.0.1", idc, address, "", 0, draining, Map.of());
    }

    void show(Member... now) {
        members = new Members("register", List.of(now));
        listeners.forEach(listener -> listener.accept(members));
    }

    @Override
    public Member self() {
        return member("self", "", "east", false);
    }

    @Override
    public Members members(String part) {
        return members;
    }

    @Override
    public Subscription onMembers(String part, Consumer<Members> listener) {
        listeners.add(listener);
        listener.accept(members);
        return () -> listeners.remove(listener);
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
    }

    @Override
    public boolean fenced() {
        return false;
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
    }

    @Override
    public void drain() {
    }
}
