package io.longwire.center.client;

import io.longwire.rpc.center.UpdateProfileRequest;

/** What is to change of an endpoint's profile; the rest stays. Immutable, made twice it does what it does once. */
public final class ProfileChange {
    private final UpdateProfileRequest request;

    private ProfileChange(UpdateProfileRequest.Builder request) {
        this.request = request.build();
    }

    public static ProfileChange of(String endpoint) {
        return new ProfileChange(UpdateProfileRequest.newBuilder().setEndpoint(endpoint));
    }

    public ProfileChange tag(String tag) {
        return new ProfileChange(request.toBuilder().addAddTags(tag));
    }

    public ProfileChange untag(String tag) {
        return new ProfileChange(request.toBuilder().addRemoveTags(tag));
    }

    public ProfileChange set(String attribute, String value) {
        return new ProfileChange(request.toBuilder().putSetAttributes(attribute, value));
    }

    public ProfileChange unset(String attribute) {
        return new ProfileChange(request.toBuilder().addRemoveAttributes(attribute));
    }

    /** From now on the endpoint is one of that user's. */
    public ProfileChange bind(String alias) {
        return new ProfileChange(request.toBuilder().addBindAliases(alias));
    }

    public ProfileChange unbind(String alias) {
        return new ProfileChange(request.toBuilder().addUnbindAliases(alias));
    }

    UpdateProfileRequest request() {
        return request;
    }
}
