package io.longwire.center.list;

import io.longwire.center.CenterMetric;
import io.longwire.center.send.SliceSends;
import io.longwire.center.send.SliceSends.Outcome;
import io.longwire.center.send.SliceSends.Standing;
import io.longwire.center.send.Waves;
import io.longwire.device.id.MessageId;
import io.longwire.rpc.saver.ChunkRequest;
import io.longwire.rpc.saver.FindSlicesRequest;
import io.longwire.rpc.saver.ListChunk;
import io.longwire.rpc.saver.ListSlice;
import io.longwire.rpc.saver.ListSlices;
import io.longwire.rpc.saver.Walk;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import org.jspecify.annotations.Nullable;

/**
 * Sends a broadcast to the endpoints of one range of a list, each once. A chunk goes out in slices, each a message of
 * its own to some of its endpoints; a slice is:
 *
 * <ol>
 * <li>an id is minted, and its head put: it names the endpoints;
 * <li>the slice is noted under range, chunk and number. The first note of a number stands: whoever else makes the same
 * slice, at the same time or after this center died, gets the id and the endpoints of that one;
 * <li>each endpoint gets the message, as the pace permits. A repeat under the same id changes nothing, and who takes
 * over asks first who has it;
 * <li>endpoints that could not be served (over quota, a shard away, a pause) are tried again under the same id while
 * savers take it, 10 minutes; then a minute passes, so that nothing is on its way under it, it is asked who has it all
 * the same, since an answer may have been lost, and the others are the first of the next slice, under another id.
 * </ol>
 *
 * <p>A pause may last longer than the ledger knows who has what. So in a pause, too, a slice is closed once its id is
 * over, and the next one noted, which is sent to nobody before the pause ends: what is asked for then is who has that.
 *
 * <p>So no endpoint is ever in two slices unless the first one can no longer be stored for it. Slices are cut so that
 * their endpoints take about a minute. Counts of what came before stand with each slice, so they are exact whoever
 * counts on. Memory: one chunk, 8 KB, and what is missing of it. Steps come one at a time; counts on any thread.
 */
final class SendRange implements RangeWork {
    /** Codes of what could not be sent, beside those that phones answer with; docs/errors.md. */
    static final int UNKNOWN_ENDPOINT = 101;
    static final int REJECTED = 102;

    /** So old nothing is under way any more under an id. */
    static final long OVER_MILLIS = SliceSends.FRESH_MILLIS + 60_000;

    private static final int AT_ONCE = 16;
    private static final long[] NONE = {};

    private final Walk leased;
    private final Course course;
    private final Sending parts;
    private final IntSupplier openRanges;
    // Changed by steps alone, one at a time.
    private volatile boolean located;
    private int number;
    private int upto;
    private long[] left = NONE;
    private long @Nullable [] endpoints;
    private long[] missing = NONE;
    // The same, but read on any thread.
    private volatile @Nullable Standing slice;
    private volatile boolean sent; // something of the slice perhaps
    private volatile boolean closed; // the slice before, and no other one is noted yet
    // Guarded by this.
    private int chunk;
    private long written;
    private final Map<Integer, Long> failed;
    private int open;
    private boolean behind;

    /** @param openRanges how many ranges of the broadcast are walked here */
    SendRange(Walk leased, Course course, Sending parts, IntSupplier openRanges) {
        this.leased = leased;
        this.course = course;
        this.parts = parts;
        this.openRanges = openRanges;
        this.chunk = leased.getCursor();
        this.written = leased.getWritten();
        this.failed = new HashMap<>(leased.getFailedMap());
    }

    @Override
    public synchronized Counts counts() {
        return new Counts(chunk, written, Map.copyOf(failed), behind || course.starved() ? open : 0);
    }

    @Override
    public boolean unsettled() {
        Standing open = slice;
        return !located || (open == null ? closed : sent && age(open) > OVER_MILLIS);
    }

    @Override
    public CompletableFuture<Next> next(BooleanSupplier goesOn) {
        if (!located) {
            return locate();
        }
        if (chunk >= leased.getChunks()) {
            return CompletableFuture.completedFuture(Next.DONE);
        }
        long[] all = endpoints;
        if (all == null) {
            return read();
        }
        Standing open = slice;
        if (open != null) {
            return send(open, goesOn);
        }
        return upto == all.length && left.length == 0 ? nextChunk() : begin(all);
    }

    private int range() {
        return leased.getRoomIncarnation() - 1;
    }

    // The last slice that was noted is where the one before us was, or is: what it has told of itself may be older.
    private CompletableFuture<Next> locate() {
        return parts.store().slices(FindSlicesRequest.newBuilder().setBroadcastId(leased.getBroadcastId())
                .setRange(range()).setLast(true).build()).thenCompose(this::located);
    }

    private CompletableFuture<Next> located(ListSlices found) {
        ListSlice last = found.getSlicesCount() == 0 ? null : found.getSlices(0);
        if (last == null || last.getChunk() < leased.getCursor()) {
            located = true;
            return CompletableFuture.completedFuture(Next.ON);
        }
        return takeOver(last);
    }

    private CompletableFuture<Next> takeOver(ListSlice noted) {
        return parts.sends().begun(course.broadcast(), course.push(), noted.getMessageId())
                .thenCompose(standing -> parts.sends().known(standing.slice(), standing.endpoints())
                        .thenApply(known -> {
                            open(standing, noted,
                                    age(standing) < SliceSends.FRESH_MILLIS ? known::ended : known::stored);
                            sent = true;
                            located = true;
                            return Next.ON;
                        }));
    }

    private CompletableFuture<Next> read() {
        return parts.store().chunk(ChunkRequest.newBuilder().setAppId(course.broadcast().getAppId())
                .setListId(course.broadcast().getListId()).setRange(range()).setChunk(chunk).build())
                .thenApply(this::read);
    }

    private Next read(ListChunk read) {
        var ids = read.getEndpoints().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
        var all = new long[ids.remaining()];
        ids.get(all);
        if (all.length < upto || all.length == 0) {
            throw new IllegalStateException("chunk " + chunk + " of range " + range() + ": " + all.length
                    + " endpoints (expected: at least " + Math.max(1, upto) + ")");
        }
        endpoints = all;
        return Next.ON;
    }

    private CompletableFuture<Next> nextChunk() {
        endpoints = null;
        number = 0;
        upto = 0;
        synchronized (this) {
            chunk++;
        }
        return CompletableFuture.completedFuture(Next.ON);
    }

    private CompletableFuture<Next> begin(long[] all) {
        int more = Math.max(0, course.slice(openRanges.getAsInt()) - left.length);
        int end = Math.min(all.length, upto + more);
        long[] to = LongStream.concat(LongStream.of(left), Arrays.stream(all, upto, end)).toArray();
        var counted = counts();
        return parts.sends().begin(course.broadcast(), course.push(), parts.ids().mint(), to)
                .thenCompose(standing -> parts.store().putSlice(ListSlice.newBuilder()
                        .setBroadcastId(leased.getBroadcastId()).setRange(range()).setChunk(chunk).setNumber(number)
                        .setMessageId(standing.slice().messageId()).setUpto(end).setWritten(counted.written())
                        .putAllFailed(counted.failed()).build()).thenCompose(noted -> {
                            if (noted.getMessageId() != standing.slice().messageId()) {
                                return takeOver(noted);
                            }
                            open(standing, noted, endpoint -> null);
                            return CompletableFuture.completedFuture(Next.ON);
                        }));
    }

    /** What became of an endpoint before; null = nothing that is known. */
    private interface Earlier {
        @Nullable
        Outcome of(long endpoint);
    }

    private void open(Standing standing, ListSlice noted, Earlier earlier) {
        sent = false;
        closed = false;
        slice = standing;
        number = noted.getNumber();
        upto = noted.getUpto();
        left = NONE;
        synchronized (this) {
            chunk = noted.getChunk();
            written = noted.getWritten();
            failed.clear();
            failed.putAll(noted.getFailedMap());
            open = standing.endpoints().length;
            behind = false;
        }
        missing = unserved(standing.endpoints(), earlier);
    }

    private CompletableFuture<Next> send(Standing open, BooleanSupplier goesOn) {
        if (missing.length == 0) {
            return CompletableFuture.completedFuture(close(NONE));
        }
        if (age(open) > OVER_MILLIS) { // an answer may have been lost: who has it is not sent it again
            return parts.sends().known(open.slice(), missing)
                    .thenApply(known -> close(unserved(missing, known::stored)));
        }
        long[] to = missing;
        sent = true;
        return Waves.run(to.length, AT_ONCE, i -> course.permit().thenCompose(
                permitted -> permitted && goesOn.getAsBoolean()
                        ? parts.sends().send(open.slice(), to[i]).thenApply(this::isFinal)
                        : CompletableFuture.completedFuture(false)))
                .thenApply(through -> {
                    missing = IntStream.range(0, to.length).filter(i -> !through.get(i))
                            .mapToLong(i -> to[i]).toArray();
                    if (missing.length == 0) {
                        return Next.ON;
                    }
                    late(goesOn.getAsBoolean());
                    return Next.WAIT;
                });
    }

    private Next close(long[] unserved) {
        left = unserved;
        missing = NONE;
        closed = true;
        slice = null;
        number++;
        return Next.ON;
    }

    private long age(Standing of) {
        return parts.clock().wallMillis() - MessageId.timeMs(of.slice().messageId());
    }

    /** Counts whose fate is known; returns the others. */
    private long[] unserved(long[] of, Earlier earlier) {
        return LongStream.of(of).filter(endpoint -> {
            Outcome known = earlier.of(endpoint);
            return known == null || !isFinal(known);
        }).toArray();
    }

    private boolean isFinal(Outcome outcome) {
        parts.metrics().counter(CenterMetric.LIST_TARGETS, "outcome", outcome.name().toLowerCase(Locale.ROOT))
                .increment();
        return switch (outcome) {
            case WRITTEN -> written();
            case UNKNOWN -> failed(UNKNOWN_ENDPOINT);
            case REJECTED -> failed(REJECTED);
            case OVER_QUOTA, UNAVAILABLE, STALE -> false;
        };
    }

    private synchronized boolean written() {
        written++;
        open--;
        return true;
    }

    private synchronized boolean failed(int code) {
        failed.merge(code, 1L, Long::sum);
        open--;
        return true;
    }

    // What a pause left over is not behind.
    private synchronized void late(boolean goesOn) {
        behind |= goesOn;
    }
}
