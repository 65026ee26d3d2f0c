package io.longwire.room.broadcast;

import io.longwire.rpc.saver.BroadcastNotes;
import io.longwire.rpc.saver.BroadcastNotesReply;
import io.longwire.rpc.saver.ListActiveReply;
import io.longwire.rpc.saver.ListActiveRequest;
import io.longwire.rpc.saver.MatchProfilesReply;
import io.longwire.rpc.saver.MatchProfilesRequest;
import java.util.concurrent.CompletableFuture;

/**
 * Where broadcasts are kept: the savers. Thread-safe, never blocks; each future completes on any thread within its
 * deadline, and each call may be repeated.
 */
public interface BroadcastStore {
    /** A page of the broadcasts that are not over. */
    CompletableFuture<ListActiveReply> listActive(ListActiveRequest request);

    /** Completes once they are durable. */
    CompletableFuture<BroadcastNotesReply> addNotes(BroadcastNotes notes);

    /** Which conditions hold for which endpoints. */
    CompletableFuture<MatchProfilesReply> matchProfiles(MatchProfilesRequest request);
}
