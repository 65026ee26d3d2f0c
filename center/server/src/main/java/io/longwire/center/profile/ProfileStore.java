package io.longwire.center.profile;

import io.longwire.rpc.saver.AliasReply;
import io.longwire.rpc.saver.AliasRequest;
import io.longwire.rpc.saver.GetEndpointRequest;
import io.longwire.rpc.saver.Profile;
import io.longwire.rpc.saver.ProfileUpdate;
import java.util.concurrent.CompletableFuture;

/** Where profiles are kept; the savers. Futures fail with RpcFailure within their deadline; all may be repeated. */
public interface ProfileStore {
    CompletableFuture<Profile> updateProfile(ProfileUpdate update);

    CompletableFuture<Profile> profile(GetEndpointRequest request);

    /** No endpoints = nobody has the alias. */
    CompletableFuture<AliasReply> alias(AliasRequest request);
}
