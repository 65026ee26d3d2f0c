package io.longwire.room.profile;

import io.longwire.rpc.saver.Profile;
import io.longwire.rpc.saver.ProfileUpdate;
import java.util.concurrent.CompletableFuture;

/** Where profiles are kept: the savers. Thread-safe. */
public interface ProfileStore {
    /**
     * Never blocks; completes on any thread within its deadline, with the whole profile once it is durable. A failure
     * means "not known"; the same update may be sent again.
     */
    CompletableFuture<Profile> update(ProfileUpdate update);
}
