package io.longwire.center.client;

import io.longwire.center.client.call.Answer;
import io.longwire.center.client.call.Calls;
import io.longwire.center.client.call.Repeat;
import io.longwire.center.client.call.Times;
import io.longwire.rpc.center.BanName;
import io.longwire.rpc.center.CenterGrpc;
import io.longwire.rpc.center.CreateBanRequest;
import io.longwire.rpc.center.ListBansRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Who is kept out: with a product's key its endpoints and aliases, with the operator's key networks. A change is in
 * force about a second after its answer. Thread-safe.
 */
public final class Bans {
    private final Calls calls;

    Bans(Calls calls) {
        this.calls = calls;
    }

    /** @param duration null = until it is lifted */
    public Answer<Ban> endpoint(String endpoint, @Nullable Duration duration, String reason) {
        return create(CreateBanRequest.newBuilder().setEndpoint(endpoint), duration, reason);
    }

    /**
     * All endpoints that have the alias; nobody may bind it meanwhile.
     *
     * @param duration null = until it is lifted
     */
    public Answer<Ban> alias(String alias, @Nullable Duration duration, String reason) {
        return create(CreateBanRequest.newBuilder().setAlias(alias), duration, reason);
    }

    /**
     * New connections from these addresses. Needs the operator's key.
     *
     * @param network 10.0.0.0/8, 2001:db8::/32, or one address
     * @param duration null = until it is lifted
     */
    public Answer<Ban> network(String network, @Nullable Duration duration, String reason) {
        return create(CreateBanRequest.newBuilder().setNetwork(network), duration, reason);
    }

    private Answer<Ban> create(CreateBanRequest.Builder request, @Nullable Duration duration, String reason) {
        if (duration != null) {
            request.setDuration(Times.text("duration", duration));
        }
        return calls.call(CenterGrpc.getCreateBanMethod(), request.setReason(reason).build(), Repeat.ALWAYS)
                .map(Ban::of);
    }

    /** Ends it before its time. Not tried again: the second answer would be that there is none. */
    public Answer<Ban> lift(String id) {
        return calls.call(CenterGrpc.getLiftBanMethod(), BanName.newBuilder().setBanId(id).build(),
                Repeat.IF_NOTHING_WAS_DONE).map(Ban::of);
    }

    /** @param cursor of the page before; empty = from the beginning */
    public Answer<Page<Ban>> list(String cursor, int limit) {
        return calls.call(CenterGrpc.getListBansMethod(),
                ListBansRequest.newBuilder().setCursor(cursor).setLimit(limit).build(), Repeat.ALWAYS)
                .map(reply -> new Page<>(reply.getBansList().stream().map(Ban::of).toList(), reply.getCursor()));
    }
}
