package io.longwire.e2e.order;

import io.longwire.center.profile.ProfileStore;
import io.longwire.center.send.HeadStore;
import io.longwire.room.broadcast.BroadcastStore;
import io.longwire.rpc.saver.AliasReply;
import io.longwire.rpc.saver.AliasRequest;
import io.longwire.rpc.saver.BroadcastNotes;
import io.longwire.rpc.saver.BroadcastNotesReply;
import io.longwire.rpc.saver.ClaimKeyReply;
import io.longwire.rpc.saver.ClaimKeyRequest;
import io.longwire.rpc.saver.Funnel;
import io.longwire.rpc.saver.FunnelRequest;
import io.longwire.rpc.saver.GetEndpointRequest;
import io.longwire.rpc.saver.GetHeadRequest;
import io.longwire.rpc.saver.ListActiveReply;
import io.longwire.rpc.saver.ListActiveRequest;
import io.longwire.rpc.saver.MatchProfilesReply;
import io.longwire.rpc.saver.MatchProfilesRequest;
import io.longwire.rpc.saver.MessageHead;
import io.longwire.rpc.saver.Profile;
import io.longwire.rpc.saver.ProfileUpdate;
import java.util.concurrent.CompletableFuture;

/** What a message to one endpoint never asks. */
final class Nowhere implements ProfileStore, HeadStore, BroadcastStore {
    @Override
    public CompletableFuture<AliasReply> alias(AliasRequest request) {
        throw never();
    }

    @Override
    public CompletableFuture<Profile> profile(GetEndpointRequest request) {
        throw never();
    }

    @Override
    public CompletableFuture<Profile> updateProfile(ProfileUpdate update) {
        throw never();
    }

    @Override
    public CompletableFuture<ClaimKeyReply> claimKey(ClaimKeyRequest request) {
        throw never();
    }

    @Override
    public CompletableFuture<ClaimKeyReply> settleKey(ClaimKeyRequest request) {
        throw never();
    }

    @Override
    public CompletableFuture<MessageHead> putHead(MessageHead head) {
        throw never();
    }

    @Override
    public CompletableFuture<MessageHead> head(GetHeadRequest request) {
        throw never();
    }

    @Override
    public CompletableFuture<ListActiveReply> listActive(ListActiveRequest request) {
        throw never();
    }

    @Override
    public CompletableFuture<BroadcastNotesReply> addNotes(BroadcastNotes notes) {
        throw never();
    }

    @Override
    public CompletableFuture<MatchProfilesReply> matchProfiles(MatchProfilesRequest request) {
        throw never();
    }

    @Override
    public CompletableFuture<Funnel> funnel(FunnelRequest request) {
        throw never();
    }

    static IllegalStateException never() {
        return new IllegalStateException("asked (expected: never, for a message to one endpoint)");
    }
}
