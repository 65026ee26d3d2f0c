package io.longwire.coordinator;

import io.longwire.coordinator.channel.ChannelName;
import io.longwire.coordinator.channel.ChannelStore.How;
import io.longwire.coordinator.channel.Channels;
import io.longwire.coordinator.channel.Given;
import io.longwire.coordinator.channel.Taker;
import io.longwire.rpc.coordinator.UplinkItem;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A stream that a test drives: it remembers what it took and says what becomes of it. */
final class FakeTaker implements Taker {
    final List<Given> taken = new CopyOnWriteArrayList<>();
    private final Channels channels;
    private final ChannelName name;
    private final Duration inFlight;
    private final Set<String> open = ConcurrentHashMap.newKeySet();
    private volatile int rdy;
    private final AtomicInteger promised = new AtomicInteger();
    private volatile boolean gone;

    FakeTaker(Channels channels, ChannelName name, Duration inFlight, int rdy) {
        this.channels = channels;
        this.name = name;
        this.inFlight = inFlight;
        this.rdy = rdy;
    }

    FakeTaker attached() throws Exception {
        channels.attach(name, this).get(10, TimeUnit.SECONDS);
        return this;
    }

    void rdy(int most) {
        rdy = most;
        channels.loop().execute(() -> channels.refresh(name));
    }

    boolean fin(Given event) throws Exception {
        return settle(event, How.FIN, 0);
    }

    boolean req(Given event, long delayMillis) throws Exception {
        return settle(event, How.REQ, delayMillis);
    }

    boolean touch(Given event, long millis) throws Exception {
        return channels.store().settle(name, event.id(), How.TOUCH, millis, event.attempt()).get(5, TimeUnit.SECONDS);
    }

    void finAll() throws Exception {
        for (Given event : taken) {
            fin(event);
        }
    }

    /** What it took, as text, in its order. */
    List<String> texts() {
        return taken.stream().map(FakeTaker::text).toList();
    }

    List<Integer> attempts() {
        return taken.stream().map(Given::attempt).toList();
    }

    void leave() {
        channels.loop().execute(() -> {
            gone = true;
            channels.detach(name, this);
        });
    }

    private boolean settle(Given event, How how, long millis) throws Exception {
        boolean done = channels.store().settle(name, event.id(), how, millis, how == How.FIN ? 0 : event.attempt())
                .get(5, TimeUnit.SECONDS);
        channels.loop().execute(() -> {
            if (open.remove(event.id().text())) {
                channels.landed(name, event.id().partition(), this);
            }
            channels.wake(name, event.id().partition(), millis);
        });
        return done;
    }

    private static String text(Given event) {
        try {
            return UplinkItem.parseFrom(event.value()).getBody().toStringUtf8();
        } catch (com.google.protobuf.InvalidProtocolBufferException broken) {
            throw new IllegalStateException(broken);
        }
    }

    @Override
    public int credit() {
        return gone ? 0 : Math.max(0, rdy - open.size() - promised.get());
    }

    @Override
    public void promise(int events) {
        promised.addAndGet(events);
    }

    @Override
    public void take(Given event) {
        open.add(event.id().text());
        taken.add(event);
    }

    @Override
    public boolean gone() {
        return gone;
    }

    @Override
    public boolean poll() {
        return false;
    }

    @Override
    public Duration inFlight() {
        return inFlight;
    }

    @Override
    public void expire(long nowNanos) {
        // a test says itself what is over
    }

    @Override
    public void end(boolean deleted) {
        leave();
    }
}
