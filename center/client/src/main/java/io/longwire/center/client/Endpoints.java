package io.longwire.center.client;

import io.longwire.center.client.call.Answer;
import io.longwire.center.client.call.Calls;
import io.longwire.center.client.call.Repeat;
import io.longwire.rpc.center.CenterGrpc;
import io.longwire.rpc.center.GetAliasRequest;
import io.longwire.rpc.center.GetEndpointRequest;
import io.longwire.rpc.center.GetEndpointsRequest;
import io.longwire.rpc.center.GetHistoryRequest;
import io.longwire.rpc.center.GetInboxRequest;
import io.longwire.rpc.center.KickAliasRequest;
import io.longwire.rpc.center.KickEndpointRequest;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The endpoints of the app. Thread-safe. */
public final class Endpoints {
    private final Calls calls;

    Endpoints(Calls calls) {
        this.calls = calls;
    }

    public Answer<EndpointState> state(String endpoint) {
        return calls.call(CenterGrpc.getGetEndpointMethod(), named(endpoint), Repeat.ALWAYS).map(EndpointState::of);
    }

    /** Of up to 1000, in the order of the question. */
    public Answer<List<EndpointState>> states(Collection<String> endpoints) {
        return calls.call(CenterGrpc.getGetEndpointsMethod(),
                GetEndpointsRequest.newBuilder().addAllEndpoints(endpoints).build(), Repeat.ALWAYS)
                .map(reply -> reply.getEndpointsList().stream().map(EndpointState::of).toList());
    }

    /** @param limit how many messages to name */
    public Answer<Inbox> inbox(String endpoint, int limit) {
        return calls.call(CenterGrpc.getGetInboxMethod(),
                GetInboxRequest.newBuilder().setEndpoint(endpoint).setLimit(limit).build(), Repeat.ALWAYS)
                .map(Inbox::of);
    }

    /**
     * What it was sent in the last 7 days, newest first.
     *
     * @param cursor of the page before; empty = from the newest
     * @param limit 1 to 200
     */
    public Answer<Page<PastMessage>> history(String endpoint, String cursor, int limit) {
        var request = GetHistoryRequest.newBuilder().setEndpoint(endpoint).setCursor(cursor).setLimit(limit).build();
        return calls.call(CenterGrpc.getGetHistoryMethod(), request, Repeat.ALWAYS).map(reply -> new Page<>(
                reply.getItemsList().stream().map(PastMessage::of).toList(), reply.getCursor()));
    }

    public Answer<Profile> profile(String endpoint) {
        return calls.call(CenterGrpc.getGetProfileMethod(), named(endpoint), Repeat.ALWAYS).map(Profile::of);
    }

    /**
     * What {@link Message#sealedFor} needs. It changes when the app loses its files: read it again for a message that
     * failed with {@code decrypt_failed}, and at least once a day. Fails with the code {@code no_payload_key} where the
     * app has none.
     */
    public Answer<PayloadKey> payloadKey(String endpoint) {
        return calls.call(CenterGrpc.getGetPayloadKeyMethod(), named(endpoint), Repeat.ALWAYS)
                .map(key -> PayloadKey.of(key.getEndpoint(), key.getPayloadKey().toByteArray()));
    }

    /** The profile as it is afterwards. */
    public Answer<Profile> update(ProfileChange change) {
        return calls.call(CenterGrpc.getUpdateProfileMethod(), change.request(), Repeat.ALWAYS).map(Profile::of);
    }

    /** The endpoints of a user of the app. */
    public Answer<List<String>> ofAlias(String alias) {
        return calls.call(CenterGrpc.getGetAliasMethod(), GetAliasRequest.newBuilder().setAlias(alias).build(),
                Repeat.ALWAYS).map(reply -> List.copyOf(reply.getEndpointsList()));
    }

    /**
     * Closes the endpoint's session.
     *
     * @param reason the phone is told
     * @param retryAfter the phone does not come back before, an hour at most; zero = with its usual backoff
     * @return {@code kicked}, or why nothing was: {@code offline}, {@code unknown}, {@code busy}
     */
    public Answer<String> kick(String endpoint, String reason, Duration retryAfter) {
        return kick(endpoint, 0, reason, retryAfter);
    }

    /**
     * As above, unless the endpoint has come on another connection since: {@code moved}.
     *
     * @param connSeq of its {@link EndpointState}; 0 = whichever
     */
    public Answer<String> kick(String endpoint, long connSeq, String reason, Duration retryAfter) {
        var request = KickEndpointRequest.newBuilder().setEndpoint(endpoint).setConnSeq(connSeq).setReason(reason)
                .setRetryAfterSeconds(Math.toIntExact(retryAfter.toSeconds())).build();
        return calls.call(CenterGrpc.getKickEndpointMethod(), request, Repeat.ALWAYS)
                .map(reply -> reply.getState());
    }

    /** Closes the sessions of all endpoints of a user; the state of each, by endpoint. */
    public Answer<Map<String, String>> kickAlias(String alias, String reason, Duration retryAfter) {
        var request = KickAliasRequest.newBuilder().setAlias(alias).setReason(reason)
                .setRetryAfterSeconds(Math.toIntExact(retryAfter.toSeconds())).build();
        return calls.call(CenterGrpc.getKickAliasMethod(), request, Repeat.ALWAYS).map(reply -> {
            var states = new LinkedHashMap<String, String>();
            reply.getEndpointsList().forEach(kicked -> states.put(kicked.getEndpoint(), kicked.getState()));
            return states;
        });
    }

    /** Ends everything of the endpoint and refuses it from now on. */
    public Answer<EndpointState> delete(String endpoint) {
        return calls.call(CenterGrpc.getDeleteEndpointMethod(), named(endpoint), Repeat.ALWAYS)
                .map(EndpointState::of);
    }

    private static GetEndpointRequest named(String endpoint) {
        return GetEndpointRequest.newBuilder().setEndpoint(endpoint).build();
    }
}
