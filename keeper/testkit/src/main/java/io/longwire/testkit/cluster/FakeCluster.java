package io.longwire.testkit.cluster;

import io.longwire.keeper.cluster.Cluster;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.cluster.Members;
import io.longwire.keeper.cluster.SlotMap;
import io.longwire.rpc.cluster.Stamp;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * A cluster that is what a test says: this process, members by part, one register map. It keeps the contract of
 * {@link Cluster}: listeners are told at once what is known, then each change; they run on the thread that makes it.
 * Thread-safe.
 */
public final class FakeCluster implements Cluster {
    private final Map<String, Members> parts = new ConcurrentHashMap<>();
    private final Map<String, List<Consumer<Members>>> memberListeners = new ConcurrentHashMap<>();
    private final List<Consumer<SlotMap>> mapListeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<Boolean>> fenceListeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<Member>> incarnationListeners = new CopyOnWriteArrayList<>();
    private final List<Stamp> heard = new CopyOnWriteArrayList<>();
    private final Map<String, String> published = new ConcurrentHashMap<>();
    private volatile Member self;
    private volatile SlotMap map = SlotMap.NONE;
    private volatile boolean fenced;
    private volatile boolean draining;

    private FakeCluster(Member self) {
        this.self = self;
    }

    /** A cluster in which this process is the first of its part and sees itself. */
    public static FakeCluster of(String part) {
        Member first = member(part, 1);
        var cluster = new FakeCluster(first);
        cluster.show(part, first);
        return cluster;
    }

    /** A member "part-index" at an address of its own, in the IDC "local". */
    public static Member member(String part, int index) {
        return new Member(part, part + "-" + index, index, "host", "local", "10.0.0.1:" + (7000 + index), "", 0, false,
                Map.of());
    }

    /** Members of these indexes. */
    public static Members members(String part, int... indexes) {
        return new Members(part, Arrays.stream(indexes).mapToObj(index -> member(part, index)).toList());
    }

    /** From now on the live members of the part are these. */
    public void show(String part, Member... live) {
        Members now = new Members(part, List.of(live));
        parts.put(part, now);
        memberListeners.getOrDefault(part, List.of()).forEach(listener -> listener.accept(now));
    }

    /** A newer register map is known. */
    public void publish(SlotMap next) {
        map = next;
        mapListeners.forEach(listener -> listener.accept(next));
    }

    /** The session was lost and replaced: this process has another index. */
    public void reincarnate(int index) {
        Member next = member(self.part(), index);
        self = next;
        show(next.part(), next);
        incarnationListeners.forEach(listener -> listener.accept(next));
    }

    /** Cuts this process off from ZooKeeper, or ends that. */
    public void fence(boolean cutOff) {
        fenced = cutOff;
        fenceListeners.forEach(listener -> listener.accept(cutOff));
    }

    /** The stamps that came, in their order. */
    public List<Stamp> heardStamps() {
        return List.copyOf(heard);
    }

    /** What the process has told about itself, merged. */
    public Map<String, String> published() {
        return Map.copyOf(published);
    }

    public boolean draining() {
        return draining;
    }

    @Override
    public Member self() {
        return self;
    }

    @Override
    public Members members(String part) {
        return parts.getOrDefault(part, new Members(part, List.of()));
    }

    @Override
    public Subscription onMembers(String part, Consumer<Members> listener) {
        Subscription subscription = subscribe(
                memberListeners.computeIfAbsent(part, any -> new CopyOnWriteArrayList<>()), listener);
        listener.accept(members(part));
        return subscription;
    }

    @Override
    public SlotMap registerMap() {
        return map;
    }

    @Override
    public Subscription onRegisterMap(Consumer<SlotMap> listener) {
        Subscription subscription = subscribe(mapListeners, listener);
        listener.accept(map);
        return subscription;
    }

    @Override
    public int shardOf(int slot) {
        return 0;
    }

    @Override
    public CompletableFuture<SlotMap> atLeast(long epoch) {
        return CompletableFuture.completedFuture(map);
    }

    @Override
    public Stamp stamp() {
        return Stamp.newBuilder().setMapEpoch(map.epoch()).build();
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
    public Subscription onFence(Consumer<Boolean> listener) {
        return subscribe(fenceListeners, listener);
    }

    @Override
    public Subscription onReincarnation(Consumer<Member> listener) {
        return subscribe(incarnationListeners, listener);
    }

    @Override
    public void publish(Map<String, String> attributes) {
        published.putAll(attributes);
    }

    @Override
    public void drain() {
        draining = true;
    }

    private static <T> Subscription subscribe(List<Consumer<T>> listeners, Consumer<T> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
