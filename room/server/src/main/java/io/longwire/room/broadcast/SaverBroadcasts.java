package io.longwire.room.broadcast;

import io.longwire.rpc.saver.BroadcastNotes;
import io.longwire.rpc.saver.BroadcastNotesReply;
import io.longwire.rpc.saver.ListActiveReply;
import io.longwire.rpc.saver.ListActiveRequest;
import io.longwire.rpc.saver.MatchProfilesReply;
import io.longwire.rpc.saver.MatchProfilesRequest;
import io.longwire.saver.client.BroadcastClient;
import java.util.concurrent.CompletableFuture;

/** What the savers know of broadcasts. Stateless. */
public record SaverBroadcasts(BroadcastClient saver) implements BroadcastStore {
    @Override
    public CompletableFuture<ListActiveReply> listActive(ListActiveRequest request) {
        return saver.active(request);
    }

    @Override
    public CompletableFuture<BroadcastNotesReply> addNotes(BroadcastNotes notes) {
        return saver.addNotes(notes);
    }

    @Override
    public CompletableFuture<MatchProfilesReply> matchProfiles(MatchProfilesRequest request) {
        return saver.match(request);
    }
}
