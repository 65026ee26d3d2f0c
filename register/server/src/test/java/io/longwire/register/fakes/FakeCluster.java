package io.longwire.register.fakes;

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
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** A cluster of one register, "me", and rooms as the test says. */
public final class FakeCluster implements Cluster {
    public final List<Stamp> heard = new ArrayList<>();
    public boolean fenced;
    public boolean drained;
    public List<Member> registers = List.of();

    /** A map in which the register owns these slots and "other" the rest. */
    public static SlotMap map(long epoch, IntPredicate mine) {
        short[] owners = new short[Slots.COUNT * 2];
        for (int slot = 0; slot < Slots.COUNT; slot++) {
            owners[slot * 2] = 2;
            owners[slot * 2 + 1] = (short) (mine.test(slot) ? 1 : 0);
        }
        return new SlotMap(epoch, List.of(new SlotMap.Owner("me", "me:1", "local"),
                new SlotMap.Owner("other", "other:1", "local")), owners);
    }

    public static Members rooms(int... incarnations) {
        return new Members("room", IntStream.of(incarnations).mapToObj(
                i -> new Member("room", "room-" + i, i, "host", "local", "", "", 0, false, Map.of())).toList());
    }

    @Override
    public Member self() {
        return new Member("register", "me", 1, "host", "local", "me:1", "", 0, false, Map.of());
    }

    @Override
    public Stamp stamp() {
        return Stamp.newBuilder().setMapEpoch(99).build();
    }

    @Override
    public void heard(Stamp stamp) {
        heard.add(stamp);
    }

    @Override
    public boolean fenced() {
        return fenced;
    }

    @Override
    public void drain() {
        drained = true;
    }

    @Override
    public Members members(String part) {
        return new Members(part, registers);
    }

    @Override
    public Subscription onMembers(String part, Consumer<Members> listener) {
        throw new UnsupportedOperationException();
    }

    @Override
    public SlotMap registerMap() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Subscription onRegisterMap(Consumer<SlotMap> listener) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int shardOf(int slot) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<SlotMap> atLeast(long epoch) {
        throw new UnsupportedOperationException();
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
}
