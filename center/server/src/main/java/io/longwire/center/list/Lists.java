package io.longwire.center.list;

import io.longwire.center.access.Cursor;
import io.longwire.center.access.EndpointNames;
import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.device.id.MessageId;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.rpc.RpcFailure;
import io.longwire.rpc.center.AppendListReply;
import io.longwire.rpc.center.AppendListRequest;
import io.longwire.rpc.center.CreateListRequest;
import io.longwire.rpc.center.ListBadLine;
import io.longwire.rpc.center.ListInfo;
import io.longwire.rpc.center.ListListsReply;
import io.longwire.rpc.center.ListListsRequest;
import io.longwire.rpc.center.SealListRequest;
import io.longwire.rpc.saver.AudienceList;
import io.longwire.rpc.saver.AudienceList.State;
import io.longwire.rpc.saver.BadLine;
import io.longwire.rpc.saver.FindListsRequest;
import io.longwire.rpc.saver.ListPart;
import io.longwire.rpc.saver.ListRequest;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Makes lists: a part may come again and in any order, and nothing is sent to a list before it is sealed, so whatever
 * ends an upload in its middle leaves nothing half done. Futures fail with {@link Refused}. Thread-safe, never blocks.
 */
public final class Lists {
    private static final int DEFAULT_PAGE = 20;
    private static final int MAX_PAGE = 100;

    private final ListStore store;
    private final EndpointNames names;
    private final Clock clock;

    public Lists(ListStore store, EndpointNames names, Clock clock) {
        this.store = store;
        this.names = names;
        this.clock = clock;
    }

    CompletableFuture<ListInfo> create(int appId, CreateListRequest request) {
        return store.create(ListRules.list(request, appId, clock.wallMillis())).exceptionallyCompose(Lists::atLimit)
                .thenApply(Lists::info);
    }

    private static CompletableFuture<AudienceList> atLimit(Throwable failure) {
        Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
        return CompletableFuture.failedFuture(
                cause instanceof RpcFailure rpc && rpc.kind() == RpcFailure.Kind.QUEUE_FULL
                        ? Refused.because(Why.LIMIT_REACHED,
                                "lists: 50 (expected: fewer of the app that are not deleted)")
                        : cause);
    }

    CompletableFuture<AppendListReply> append(int appId, AppendListRequest request) {
        ListPart part = ListRules.part(request, appId, names);
        return store.append(part).thenApply(list -> {
            open(list, request.getListId());
            var reply = AppendListReply.newBuilder().setListId(request.getListId()).setPart(part.getPart())
                    .setLines(part.getLines()).setBad(part.getBad());
            part.getBadLinesList().forEach(bad -> reply.addBadLines(line(bad)));
            return reply.build();
        });
    }

    CompletableFuture<ListInfo> seal(int appId, SealListRequest request) {
        long id = ListRules.id("list_id", request.getListId());
        if (request.getParts() < 1 || request.getParts() > ListRules.PARTS) {
            throw Refused.invalid("parts", Integer.toUnsignedString(request.getParts()), "1 to " + ListRules.PARTS);
        }
        return get(appId, id, request.getListId()).thenCompose(list -> {
            if (list.getState() != State.SEALED) {
                open(list, request.getListId());
                check(list, request);
            }
            return store.seal(io.longwire.rpc.saver.SealListRequest.newBuilder().setAppId(appId).setListId(id)
                    .setParts(request.getParts()).setSkipBad(request.getSkipBad()).build());
        }).thenApply(list -> {
            if (list.getState() != State.SEALED) {
                open(list, request.getListId());
                check(list, request);
                throw wrongState("parts: " + list.getParts() + " in all (expected: each from 0 to "
                        + (request.getParts() - 1) + ")");
            }
            return info(list);
        });
    }

    private static void check(AudienceList list, SealListRequest request) {
        if (list.getParts() != request.getParts()) {
            throw wrongState("parts: " + list.getParts() + " are there (expected: " + request.getParts() + ")");
        }
        if (list.getBad() > 0 && !request.getSkipBad()) {
            throw wrongState("bad lines: " + list.getBad() + ", the first is line "
                    + (list.getBadLinesCount() == 0 ? "?" : list.getBadLines(0).getLine())
                    + " (expected: none, or skip_bad)");
        }
    }

    CompletableFuture<ListInfo> get(int appId, String listId) {
        return get(appId, ListRules.id("list_id", listId), listId).thenApply(Lists::info);
    }

    CompletableFuture<ListListsReply> list(int appId, ListListsRequest request) {
        int limit = Cursor.limit(request.getLimit(), DEFAULT_PAGE, MAX_PAGE);
        long before = request.getCursor().isEmpty() ? 0 : ListRules.id("cursor", request.getCursor());
        return store.find(FindListsRequest.newBuilder().setAppId(appId).setBeforeId(before).setLimit(limit).build())
                .thenApply(found -> {
                    var reply = ListListsReply.newBuilder();
                    found.getListsList().forEach(one -> reply.addLists(info(one).toBuilder().clearBadLines()));
                    if (found.getListsCount() == limit) {
                        reply.setCursor(MessageId.text(found.getLists(limit - 1).getListId()));
                    }
                    return reply.build();
                });
    }

    CompletableFuture<ListInfo> delete(int appId, String listId) {
        var named = ListRequest.newBuilder().setAppId(appId).setListId(ListRules.id("list_id", listId)).build();
        return store.delete(named).thenApply(list -> {
            known(list, listId);
            if (list.getState() != State.DELETED) {
                throw wrongState("list_id: " + listId + " (expected: no broadcast to it that is not over)");
            }
            return info(list);
        });
    }

    /** The number of a list that the field {@code list} names. Throws {@link Refused}. */
    public static long id(String list) {
        return ListRules.id("list", list);
    }

    /** One that can be sent to; the field is {@code list}. */
    public CompletableFuture<AudienceList> sealed(int appId, String listId) {
        return get(appId, ListRules.id("list", listId), listId).thenApply(list -> {
            if (list.getState() != State.SEALED || list.getEndpoints() == 0) {
                throw wrongState("list: " + listId + " is " + name(list.getState()) + " and has "
                        + list.getEndpoints() + " endpoints (expected: sealed, at least one)");
            }
            return list;
        });
    }

    /** As {@link #sealed}, and it is still to be there then. */
    public CompletableFuture<AudienceList> sealedUntil(int appId, String listId, long atMillis) {
        return sealed(appId, listId).thenApply(list -> {
            if (list.getExpireAtMs() <= atMillis) {
                throw wrongState("list: " + listId + " is kept until " + Instant.ofEpochMilli(list.getExpireAtMs())
                        + " (expected: until it is sent, " + Instant.ofEpochMilli(atMillis) + ")");
            }
            return list;
        });
    }

    private CompletableFuture<AudienceList> get(int appId, long id, String listId) {
        return store.get(ListRequest.newBuilder().setAppId(appId).setListId(id).build()).thenApply(list -> {
            known(list, listId);
            return list;
        });
    }

    private static void open(AudienceList list, String listId) {
        known(list, listId);
        if (list.getState() != State.OPEN) {
            throw wrongState("state: " + name(list.getState()) + " (expected: open)");
        }
    }

    private static void known(AudienceList list, String listId) {
        if (list.getState() == State.ABSENT) {
            throw Refused.because(Why.UNKNOWN_LIST,
                    "list_id: " + Refused.shown(listId) + " (expected: a list of this app)");
        }
    }

    private static Refused wrongState(String detail) {
        return Refused.because(Why.WRONG_STATE, detail);
    }

    private static ListInfo info(AudienceList list) {
        var info = ListInfo.newBuilder().setListId(MessageId.text(list.getListId())).setState(name(list.getState()))
                .setLabel(list.getLabel()).setCreatedMs(list.getCreatedMs()).setExpiresMs(list.getExpireAtMs())
                .setParts(list.getParts()).setLines(list.getLines()).setEndpoints(list.getEndpoints())
                .setTwice(list.getTwice()).setBad(list.getBad());
        list.getBadLinesList().forEach(bad -> info.addBadLines(line(bad)));
        return info.build();
    }

    private static ListBadLine line(BadLine bad) {
        return ListBadLine.newBuilder().setLine(bad.getLine()).setValue(bad.getValue()).setExpected(bad.getExpected())
                .build();
    }

    private static String name(State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
