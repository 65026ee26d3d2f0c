package io.longwire.center.client;

import io.longwire.center.client.AudienceList.BadLine;
import io.longwire.center.client.AudienceList.Part;
import io.longwire.center.client.call.Answer;
import io.longwire.center.client.call.Calls;
import io.longwire.center.client.call.Repeat;
import io.longwire.center.client.call.Times;
import io.longwire.rpc.center.AppendListRequest;
import io.longwire.rpc.center.CenterGrpc;
import io.longwire.rpc.center.CreateListRequest;
import io.longwire.rpc.center.ListListsRequest;
import io.longwire.rpc.center.ListName;
import io.longwire.rpc.center.SealListRequest;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lists of endpoints to broadcast to: made, filled part by part in any order, sealed, and then named by {@link
 * Broadcast#toList}. Each call may be made twice. Thread-safe.
 */
public final class Lists {
    /** Lines of a part, at most. */
    public static final int PART_LINES = 10_000;

    private final Calls calls;

    Lists(Calls calls) {
        this.calls = calls;
    }

    /**
     * Makes an empty one; a retry of the client itself makes it once.
     *
     * @param label for people
     * @param ttl when it is deleted unless a broadcast uses it; null = 7 days
     */
    public Answer<AudienceList> create(String label, @Nullable Duration ttl) {
        var request = CreateListRequest.newBuilder().setLabel(label).setIdempotencyKey(Message.randomKey());
        if (ttl != null) {
            request.setTtl(Times.text("ttl", ttl));
        }
        return calls.call(CenterGrpc.getCreateListMethod(), request.build(), Repeat.ALWAYS).map(AudienceList::of);
    }

    /**
     * Adds lines of the file; the same part again replaces it. What is no endpoint of the app is answered, and kept as
     * a bad line; empty lines and those that begin with # are skipped.
     *
     * @param part 0, 1, 2 ...
     * @param firstLine line of the file that they begin with, from 1
     * @param lines at most {@link #PART_LINES}
     */
    public Answer<Part> append(String listId, int part, long firstLine, List<String> lines) {
        var request = AppendListRequest.newBuilder().setListId(listId).setPart(part).setFirstLine(firstLine)
                .addAllEndpoints(lines).build();
        return calls.slow(CenterGrpc.getAppendListMethod(), request).map(reply -> new Part(reply.getPart(),
                reply.getLines(), reply.getBad(), reply.getBadLinesList().stream().map(BadLine::of).toList()));
    }

    /**
     * Ends it: from now on it can be sent to. Refused while it has bad lines, unless they are skipped. With millions of
     * endpoints it takes a while: give the backend a deadline of a minute or two.
     *
     * @param parts that it must have
     */
    public Answer<AudienceList> seal(String listId, int parts, boolean skipBad) {
        var request = SealListRequest.newBuilder().setListId(listId).setParts(parts).setSkipBad(skipBad).build();
        return calls.slow(CenterGrpc.getSealListMethod(), request).map(AudienceList::of);
    }

    public Answer<AudienceList> get(String listId) {
        return calls.call(CenterGrpc.getGetListMethod(), named(listId), Repeat.ALWAYS).map(AudienceList::of);
    }

    /**
     * The app's, newest first.
     *
     * @param cursor of the page before; empty = from the newest
     * @param limit 1 to 100
     */
    public Answer<Page<AudienceList>> list(String cursor, int limit) {
        var request = ListListsRequest.newBuilder().setCursor(cursor).setLimit(limit).build();
        return calls.call(CenterGrpc.getListListsMethod(), request, Repeat.ALWAYS).map(reply -> new Page<>(
                reply.getListsList().stream().map(AudienceList::of).toList(), reply.getCursor()));
    }

    /** Refused while a broadcast to it is not over. */
    public Answer<AudienceList> delete(String listId) {
        return calls.call(CenterGrpc.getDeleteListMethod(), named(listId), Repeat.ALWAYS).map(AudienceList::of);
    }

    private static ListName named(String listId) {
        return ListName.newBuilder().setListId(listId).build();
    }
}
