package io.longwire.register.client;

import io.longwire.keeper.cluster.Cluster;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.cluster.Members;
import io.longwire.keeper.cluster.SlotMap;
import io.longwire.keeper.cluster.Slots;
import io.longwire.rpc.cluster.Stamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A map and an incarnation as the test says. */
final class FakeCluster implements Cluster {
    /** Slots that have owners. */
    static final int OWNED = 128;

    private final List<Consumer<SlotMap>> maps = new ArrayList<>();
    private final List<Consumer<Member>> incarnations = new ArrayList<>();
    private SlotMap map = SlotMap.NONE;
    private int index = 1;

    /** The first slots are owned by these two, the rest by nobody; an empty name is nobody. */
    static SlotMap mapOf(long epoch, String first, String second) {
        var members = new ArrayList<SlotMap.Owner>();
        short one = member(members, first);
        short two = member(members, second);
        short[] owners = new short[Slots.COUNT * 2];
        for (int slot = 0; slot < OWNED; slot++) {
            owners[slot * 2] = one;
            owners[slot * 2 + 1] = two;
        }
        return new SlotMap(epoch, members, owners);
    }

    private static short member(List<SlotMap.Owner> members, String name) {
        if (name.isEmpty()) {
            return 0;
        }
        // "b@far" is b in the IDC far
        int at = name.indexOf('@');
        String instance = at < 0 ? name : name.substring(0, at);
        members.add(new SlotMap.Owner(instance, instance + ":1", at < 0 ? "local" : name.substring(at + 1)));
        return (short) members.size();
    }

    void publish(SlotMap next) {
        map = next;
        List.copyOf(maps).forEach(listener -> listener.accept(next));
    }

    void reincarnate(int next) {
        index = next;
        List.copyOf(incarnations).forEach(listener -> listener.accept(self()));
    }

    @Override
    public Member self() {
        return new Member("room", "room-x", index, "host", "local", "", "", 0, false, Map.of());
    }

    @Override
    public Members members(String part) {
        return new Members(part, List.of());
    }

    @Override
    public Subscription onMembers(String part, Consumer<Members> listener) {
        throw new UnsupportedOperationException();
    }

    @Override
    public SlotMap registerMap() {
        return map;
    }

    @Override
    public Subscription onRegisterMap(Consumer<SlotMap> listener) {
        maps.add(listener);
        listener.accept(map);
        return () -> maps.remove(listener);
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
        return Stamp.newBuilder().setMapEpoch(map.epoch()).build();
    }

    @Override
    public void heard(Stamp stamp) {
        // the test publishes maps itself
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
        incarnations.add(listener);
        return () -> incarnations.remove(listener);
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
