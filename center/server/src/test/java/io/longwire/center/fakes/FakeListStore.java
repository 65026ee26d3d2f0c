package io.longwire.center.fakes;

import com.google.protobuf.ByteString;
import io.longwire.center.list.ListStore;
import io.longwire.device.id.EndpointId;
import io.longwire.keeper.rpc.RpcFailure;
import io.longwire.rpc.saver.AudienceList;
import io.longwire.rpc.saver.AudienceList.State;
import io.longwire.rpc.saver.ChunkRequest;
import io.longwire.rpc.saver.FindListsReply;
import io.longwire.rpc.saver.FindListsRequest;
import io.longwire.rpc.saver.FindSlicesRequest;
import io.longwire.rpc.saver.ListChunk;
import io.longwire.rpc.saver.ListPart;
import io.longwire.rpc.saver.ListRequest;
import io.longwire.rpc.saver.ListSlice;
import io.longwire.rpc.saver.ListSlices;
import io.longwire.rpc.saver.SealListRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/** Lists in memory, as the savers' contract says; chunks of {@value #CHUNK}. Thread-safe. */
public final class FakeListStore implements ListStore {
    /** Endpoints of a chunk. */
    public static final int CHUNK = 5;

    private final Map<Long, AudienceList> lists = new TreeMap<>();
    private final Map<Long, Map<Integer, ListPart>> parts = new HashMap<>();
    private final Map<Long, Map<Integer, List<Long>>> ranges = new HashMap<>();
    private final List<ListSlice> slices = new ArrayList<>();
    private boolean away;

    /** No call is answered while it is so. */
    public synchronized void away(boolean gone) {
        away = gone;
    }

    /** Slices that were noted, in their order. */
    public synchronized List<ListSlice> noted() {
        return List.copyOf(slices);
    }

    /** A sealed list of these endpoints. */
    public long sealed(int appId, LongStream endpoints) {
        long id = create(AudienceList.newBuilder().setAppId(appId).build()).join().getListId();
        append(ListPart.newBuilder().setAppId(appId).setListId(id).setEndpoints(bytes(endpoints.toArray())).build());
        seal(SealListRequest.newBuilder().setAppId(appId).setListId(id).setParts(1).build());
        return id;
    }

    public static ByteString bytes(long... endpoints) {
        var bytes = ByteBuffer.allocate(endpoints.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        LongStream.of(endpoints).forEach(bytes::putLong);
        return ByteString.copyFrom(bytes.flip());
    }

    private <A> CompletableFuture<A> answer(Supplier<A> work) {
        synchronized (this) {
            return away
                    ? CompletableFuture.failedFuture(new RpcFailure(RpcFailure.Kind.DEADLINE, "saver: DEADLINE"))
                    : CompletableFuture.completedFuture(work.get());
        }
    }

    private AudienceList of(int appId, long id) {
        AudienceList found = lists.getOrDefault(id, AudienceList.getDefaultInstance());
        return found.getAppId() == appId ? found : AudienceList.getDefaultInstance();
    }

    @Override
    public CompletableFuture<AudienceList> create(AudienceList list) {
        return answer(() -> {
            for (AudienceList there : lists.values()) {
                if (!list.getIdempotencyKey().isEmpty() && there.getAppId() == list.getAppId()
                        && there.getIdempotencyKey().equals(list.getIdempotencyKey())) {
                    return there;
                }
            }
            AudienceList made = list.toBuilder().setListId(lists.size() + 1L).setState(State.OPEN).build();
            lists.put(made.getListId(), made);
            return made;
        });
    }

    @Override
    public CompletableFuture<AudienceList> append(ListPart part) {
        return answer(() -> {
            AudienceList list = of(part.getAppId(), part.getListId());
            if (list.getState() == State.OPEN) {
                partsOf(part.getListId()).put(part.getPart(), part);
                lists.put(part.getListId(), counted(list));
            }
            return of(part.getAppId(), part.getListId());
        });
    }

    private Map<Integer, ListPart> partsOf(long list) {
        return parts.computeIfAbsent(list, id -> new TreeMap<>());
    }

    private AudienceList counted(AudienceList list) {
        var sum = list.toBuilder().setParts(0).setLines(0).setBad(0).clearBadLines();
        for (ListPart part : partsOf(list.getListId()).values()) {
            sum.setParts(sum.getParts() + 1).setLines(sum.getLines() + part.getLines())
                    .setBad(sum.getBad() + part.getBad()).addAllBadLines(part.getBadLinesList());
        }
        return sum.build();
    }

    @Override
    public CompletableFuture<AudienceList> seal(SealListRequest request) {
        return answer(() -> {
            AudienceList list = of(request.getAppId(), request.getListId());
            if (list.getState() != State.OPEN || list.getParts() != request.getParts()
                    || (list.getBad() > 0 && !request.getSkipBad())) {
                return list;
            }
            var byRange = new TreeMap<Integer, List<Long>>();
            long all = 0;
            long each = 0;
            for (ListPart part : partsOf(list.getListId()).values()) {
                var ids = part.getEndpoints().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
                while (ids.hasRemaining()) {
                    long id = ids.get();
                    List<Long> range = byRange.computeIfAbsent(EndpointId.slot(id) >>> 6, key -> new ArrayList<>());
                    all++;
                    if (!range.contains(id)) {
                        range.add(id);
                        each++;
                    }
                }
            }
            var sealed = list.toBuilder().setState(State.SEALED).setEndpoints(each).setTwice(all - each);
            for (int range = 0; range < 64; range++) {
                List<Long> ids = byRange.getOrDefault(range, List.of());
                sealed.addSizes(ids.size()).addChunks(Math.ceilDiv(ids.size(), CHUNK));
            }
            byRange.values().forEach(ids -> ids.sort(Comparator.<Long>comparingInt(EndpointId::slot)
                    .thenComparing(Comparator.naturalOrder())));
            ranges.put(list.getListId(), byRange);
            lists.put(list.getListId(), sealed.build());
            return sealed.build();
        });
    }

    @Override
    public CompletableFuture<AudienceList> get(ListRequest request) {
        return answer(() -> of(request.getAppId(), request.getListId()));
    }

    @Override
    public CompletableFuture<FindListsReply> find(FindListsRequest request) {
        return answer(() -> FindListsReply.newBuilder().addAllLists(lists.values().stream()
                .filter(list -> list.getAppId() == request.getAppId() && list.getState() != State.DELETED)
                .filter(list -> request.getBeforeId() == 0 || list.getListId() < request.getBeforeId())
                .sorted((a, b) -> Long.compare(b.getListId(), a.getListId())).limit(request.getLimit()).toList())
                .build());
    }

    @Override
    public CompletableFuture<AudienceList> delete(ListRequest request) {
        return answer(() -> {
            AudienceList list = of(request.getAppId(), request.getListId());
            if (list.getState() == State.ABSENT) {
                return list;
            }
            lists.put(list.getListId(), list.toBuilder().setState(State.DELETED).build());
            return of(request.getAppId(), request.getListId());
        });
    }

    @Override
    public CompletableFuture<ListChunk> chunk(ChunkRequest request) {
        return answer(() -> {
            List<Long> ids = ranges.getOrDefault(request.getListId(), Map.of()).getOrDefault(request.getRange(),
                    List.of());
            int from = request.getChunk() * CHUNK;
            return ListChunk.newBuilder().setEndpoints(bytes(ids.subList(from, Math.min(ids.size(), from + CHUNK))
                    .stream().mapToLong(Long::longValue).toArray())).build();
        });
    }

    @Override
    public CompletableFuture<ListSlice> putSlice(ListSlice slice) {
        return answer(() -> {
            for (ListSlice there : slices) {
                if (there.getBroadcastId() == slice.getBroadcastId() && there.getRange() == slice.getRange()
                        && there.getChunk() == slice.getChunk() && there.getNumber() == slice.getNumber()) {
                    return there;
                }
            }
            slices.add(slice);
            return slice;
        });
    }

    @Override
    public CompletableFuture<ListSlices> slices(FindSlicesRequest request) {
        return answer(() -> {
            List<ListSlice> found = slices.stream()
                    .filter(slice -> slice.getBroadcastId() == request.getBroadcastId()
                            && slice.getRange() == request.getRange()
                            && (request.getLast() || slice.getChunk() == request.getChunk()))
                    .sorted(Comparator.comparingInt(ListSlice::getChunk).thenComparingInt(ListSlice::getNumber))
                    .toList();
            return ListSlices.newBuilder().addAllSlices(request.getLast() && !found.isEmpty()
                    ? List.of(found.getLast())
                    : found).build();
        });
    }
}
