package io.longwire.center.client;

import io.longwire.center.client.call.Answer;
import io.longwire.center.client.call.Calls;
import io.longwire.center.client.call.Repeat;
import io.longwire.rpc.center.CenterGrpc;
import io.longwire.rpc.center.GetAliasRequest;
import io.longwire.rpc.center.GetEndpointRequest;
import io.longwire.rpc.center.GetEndpointsRequest;
import io.longwire.rpc.center.GetInboxRequest;
import io.longwire.rpc.center.KickEndpointRequest;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

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

    public Answer<Profile> profile(String endpoint) {
        return calls.call(CenterGrpc.getGetProfileMethod(), named(endpoint), Repeat.ALWAYS).map(Profile::of);
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
     * @param retryAfter when the phone comes back; zero = with its usual backoff
     * @return {@code kicked}, or why there was nothing to kick
     */
    public Answer<String> kick(String endpoint, String reason, Duration retryAfter) {
        var request = KickEndpointRequest.newBuilder().setEndpoint(endpoint).setReason(reason)
                .setRetryAfterSeconds(Math.toIntExact(retryAfter.toSeconds())).build();
        return calls.call(CenterGrpc.getKickEndpointMethod(), request, Repeat.ALWAYS)
                .map(reply -> reply.getState());
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
