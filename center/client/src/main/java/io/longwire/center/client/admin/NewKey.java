package io.longwire.center.client.admin;

import io.longwire.center.client.call.Times;
import io.longwire.rpc.center.CreateKeyRequest;
import java.time.Duration;
import java.util.Collection;

/** A key to be made. Immutable. */
public final class NewKey {
    private final CreateKeyRequest request;

    private NewKey(CreateKeyRequest.Builder request) {
        this.request = request.build();
    }

    /** A key that may do everything, from anywhere, for ever. */
    public static NewKey of(int appId, String label) {
        return new NewKey(CreateKeyRequest.newBuilder().setAppId(appId).setLabel(label));
    }

    /** It may do only this: {@code send}, {@code read}, {@code kick}, {@code manage} */
    public NewKey scopes(Collection<String> scopes) {
        return new NewKey(request.toBuilder().clearScopes().addAllScopes(scopes));
    }

    public NewKey expiresIn(Duration time) {
        return new NewKey(request.toBuilder().setExpiresIn(Times.text("expires_in", time)));
    }

    /** It is good only from there; CIDR. */
    public NewKey networks(Collection<String> networks) {
        return new NewKey(request.toBuilder().clearNetworks().addAllNetworks(networks));
    }

    CreateKeyRequest request() {
        return request;
    }
}
