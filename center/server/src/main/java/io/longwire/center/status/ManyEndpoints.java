package io.longwire.center.status;

import io.longwire.center.refuse.Refused;
import io.longwire.center.send.Rules;
import io.longwire.center.send.Waves;
import io.longwire.register.client.Lookup;
import io.longwire.rpc.center.EndpointStatus;
import io.longwire.rpc.center.GetEndpointsReply;
import io.longwire.rpc.center.GetEndpointsRequest;
import io.longwire.rpc.room.ControlResult;
import io.longwire.rpc.saver.EndpointRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where many endpoints are. A saver is asked once for all of them; register and rooms for each, over their streams, 32
 * at a time. A room that gave no answer is not asked again by the same request, so rooms that hang cost it a second
 * each at most. Thread-safe, never blocks.
 */
final class ManyEndpoints {
    private static final int MOST = 1_000;
    private static final int AT_ONCE = 32;

    private final Rules rules;
    private final Ledger ledger;
    private final Presence presence;

    ManyEndpoints(Rules rules, Ledger ledger, Presence presence) {
        this.rules = rules;
        this.ledger = ledger;
        this.presence = presence;
    }

    /** Up to 1000, in order; {@code invalid} for what the app does not have. Fails with Refused. */
    CompletableFuture<GetEndpointsReply> status(int appId, GetEndpointsRequest request) {
        int count = request.getEndpointsCount();
        if (count == 0 || count > MOST) {
            throw Refused.invalid("endpoints", count, "1 to " + MOST);
        }
        var asked = new ArrayList<Asked>(count);
        var ids = io.longwire.rpc.saver.GetEndpointsRequest.newBuilder().setAppId(appId);
        for (String text : request.getEndpointsList()) {
            try {
                ids.addEndpointIds(rules.endpoint("endpoint", text, appId));
                asked.add(new Asked(text, ids.getEndpointIdsCount() - 1));
            } catch (Refused none) {
                asked.add(new Asked(Refused.shown(text), -1));
            }
        }
        var known = ids.getEndpointIdsCount() == 0
                ? CompletableFuture.completedFuture(io.longwire.rpc.saver.GetEndpointsReply.getDefaultInstance())
                : ledger.endpoints(ids.build());
        return known.thenCompose(records -> status(asked, records));
    }

    /** @param at its place among those the ledger is asked for; -1 = it is no endpoint of the app */
    private record Asked(String text, int at) {
        EndpointRecord record(io.longwire.rpc.saver.GetEndpointsReply records) {
            return at < 0 ? EndpointRecord.getDefaultInstance() : records.getRecords(at);
        }
    }

    private CompletableFuture<GetEndpointsReply> status(List<Asked> asked,
            io.longwire.rpc.saver.GetEndpointsReply records) {
        Set<Integer> silent = ConcurrentHashMap.newKeySet(); // rooms, by incarnation
        return Waves.run(asked.size(), AT_ONCE, i -> {
            Asked each = asked.get(i);
            EndpointRecord record = each.record(records);
            return record.getState() == EndpointRecord.State.ABSENT
                    ? CompletableFuture.completedFuture(
                            EndpointStatus.newBuilder().setEndpoint(each.text).setState("invalid").build())
                    : seen(record.getEndpointId(), silent).thenApply(seen -> seen.answer(each.text, record)
                            .setWaiting(records.getWaiting(each.at)).build());
        }).thenApply(all -> GetEndpointsReply.newBuilder().addAllEndpoints(all).build());
    }

    private CompletableFuture<Seen> seen(long endpointId, Set<Integer> silent) {
        return presence.of(endpointId).thenCompose(session -> {
            if (session instanceof Lookup.Online online) {
                int room = online.session().roomIncarnation();
                if (!silent.contains(room)) {
                    return presence.ask(session, 0).thenApply(told -> {
                        if (told.getCode() == ControlResult.Code.BUSY) {
                            silent.add(room);
                        }
                        return new Seen(session, told, presence.room(session));
                    });
                }
            }
            return CompletableFuture.completedFuture(new Seen(session, Presence.NOT_TOLD, presence.room(session)));
        });
    }
}
