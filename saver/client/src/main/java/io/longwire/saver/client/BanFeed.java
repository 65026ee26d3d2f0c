package io.longwire.saver.client;

import io.longwire.keeper.clock.Clock;
import io.longwire.rpc.saver.Ban;
import io.longwire.rpc.saver.BanChangesReply;
import io.longwire.rpc.saver.BanChangesRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Who is banned, as the savers had it a second ago: asks for what has changed, one question at a time. Who cannot ask
 * keeps what it has, and lets everybody in while it never had anything. After an hour without an answer all is read
 * anew, as savers forget what is over. Thread-safe; no question blocks.
 */
public final class BanFeed implements AutoCloseable {
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final long ANEW_MILLIS = Duration.ofHours(1).toMillis();
    private static final long STALE_MILLIS = Duration.ofMinutes(1).toMillis();
    private static final int CLEAN_ROUNDS = 60;

    private final Source source;
    private final Listener listener;
    private final Clock clock;
    private final long started;
    private final CountDownLatch first = new CountDownLatch(1);
    private volatile BanList list = new BanList();
    private volatile long listedMillis;
    private volatile boolean listed;
    private volatile boolean closed;
    private long version; // this and the next two: of the question under way
    private int rounds;
    private List<Long> before = List.of();

    /** Where it is asked. */
    public interface Source {
        CompletableFuture<BanChangesReply> changes(BanChangesRequest request);
    }

    /** Who acts on it. */
    public interface Listener {
        /**
         * These endpoints are banned now. Each is told twice, a second apart: a login that looked before the change
         * has put its session by the second time.
         */
        void banned(List<Long> endpoints);
    }

    /**
     * A ban of an endpoint.
     *
     * @param leftMillis Long.MAX_VALUE = until it is lifted
     * @param untilMillis unix milliseconds; 0 = until it is lifted
     */
    public record Banned(long leftMillis, long untilMillis, String reason) {
    }

    public BanFeed(Source source, Clock clock, Listener listener) {
        this.source = source;
        this.listener = listener;
        this.clock = clock;
        this.started = clock.millis();
    }

    /** Begins; asks until it is closed. */
    public void start() {
        ask(list, version, new ArrayList<>());
    }

    /** Waits so long for the first list at most, so that whoever lets others in knows whom not. Blocks. */
    public void await(Duration atMost) {
        try {
            first.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    /** The ban of the endpoint that lasts longest; null = it is not banned. */
    public @Nullable Banned endpoint(long endpointId) {
        long now = clock.wallMillis();
        Ban ban = list.endpoint(endpointId, now);
        return ban == null ? null : new Banned(BanList.left(ban, now), ban.getUntilMs(), ban.getReason());
    }

    /** Whether a banned network has the address, of 4 or 16 bytes. */
    public boolean network(byte[] address) {
        return list.network(address, clock.wallMillis());
    }

    /** Banned endpoints and networks. */
    public int size() {
        return list.size();
    }

    /** What is wrong, in one sentence. */
    public Optional<String> complaint() {
        long age = clock.millis() - (listed ? listedMillis : started);
        return age <= STALE_MILLIS
                ? Optional.empty()
                : Optional.of(listed
                        ? "the list of bans is " + age / 1000 + " s old (expected: below 60)"
                        : "no saver has listed the bans yet: nobody is kept out");
    }

    @Override
    public void close() {
        closed = true;
    }

    private void ask(BanList into, long after, List<Long> banned) {
        if (closed) {
            return;
        }
        source.changes(BanChangesRequest.newBuilder().setAfterVersion(after).build()).whenComplete((reply, failure) -> {
            if (failure != null) {
                clock.schedule(PERIOD, this::next);
                return;
            }
            long now = clock.wallMillis();
            into.apply(reply.getBansList());
            for (Ban ban : reply.getBansList()) {
                if (ban.getKind() == Ban.Kind.ENDPOINT && BanList.left(ban, now) > 0) {
                    banned.add(ban.getEndpointId());
                }
            }
            long last = reply.getBansCount() == 0 ? after : reply.getBans(reply.getBansCount() - 1).getVersion();
            if (reply.getMore() && last > after) {
                ask(into, last, banned);
            } else {
                known(into, last, banned);
            }
        });
    }

    private void known(BanList read, long upTo, List<Long> banned) {
        list = read;
        version = upTo;
        listedMillis = clock.millis();
        listed = true;
        first.countDown();
        if (++rounds % CLEAN_ROUNDS == 0) {
            read.clean(clock.wallMillis());
        }
        if (!before.isEmpty() || !banned.isEmpty()) {
            var told = new ArrayList<>(before);
            told.addAll(banned);
            before = List.copyOf(banned);
            listener.banned(told);
        }
        clock.schedule(PERIOD, this::next);
    }

    private void next() {
        boolean anew = listed && clock.millis() - listedMillis > ANEW_MILLIS;
        ask(anew ? new BanList() : list, anew ? 0 : version, new ArrayList<>());
    }
}
