package io.longwire.room.client;

import io.longwire.keeper.cluster.Cluster;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.cluster.Members;
import io.longwire.keeper.cluster.SlotMap;
import io.longwire.rpc.cluster.Stamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Members as the test says. */
final class FakeCluster implements Cluster {
    private final List<Consumer<Members>> listeners = new ArrayList<>();
    private Members rooms = new Members("room", List.of());

    static Member room(int index) {
        return new Member("room", "room-" + index, index, "host", "local", "10.0.0.1:" + (7000 + index), "", 0, false,
                Map.of());
    }

    void rooms(Member... members) {
        rooms = new Members("room", Arrays.asList(members));
        listeners.forEach(listener -> listener.accept(rooms));
    }

    @Override
    public Member self() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Members members(String part) {
        return rooms;
    }

    @Override
    public Subscription onMembers(String part, Consumer<Members> listener) {
        listeners.add(listener);
        listener.accept(rooms);
        return () -> listeners.remove(listener);
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
    public boolean fenced() {
        return false;
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
}
