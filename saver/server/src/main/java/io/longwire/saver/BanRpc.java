package io.longwire.saver;

import io.grpc.stub.StreamObserver;
import io.longwire.keeper.service.Service;
import io.longwire.rpc.saver.Ban;
import io.longwire.rpc.saver.BanChangesReply;
import io.longwire.rpc.saver.BanChangesRequest;
import io.longwire.rpc.saver.BansGrpc.BansImplBase;
import io.longwire.rpc.saver.LiftBanRequest;
import io.longwire.rpc.saver.ListBansReply;
import io.longwire.rpc.saver.ListBansRequest;
import io.longwire.saver.ban.Bans;
import io.longwire.saver.ledger.ColdCalls;
import io.longwire.saver.ledger.Shard;
import io.longwire.saver.profile.Profiles;

/** The calls about bans. Nothing here blocks. */
final class BanRpc extends BansImplBase {
    private static final int CALLS = 2;
    private static final int READS = 2; // every room asks each second: neither waits behind the other

    private final Bans bans;
    private final ColdCalls calls;
    private final ColdCalls reads;

    private BanRpc(Bans bans, ColdCalls calls, ColdCalls reads) {
        this.bans = bans;
        this.calls = calls;
        this.reads = reads;
    }

    static BanRpc wire(Service service, Shard first, Profiles profiles) {
        return new BanRpc(new Bans(first, profiles, service.clock()), service.own(new ColdCalls(CALLS)),
                service.own(new ColdCalls(READS)));
    }

    @Override
    public void put(Ban request, StreamObserver<Ban> answer) {
        Answers.send(answer, calls.call(() -> bans.put(request)));
    }

    @Override
    public void lift(LiftBanRequest request, StreamObserver<Ban> answer) {
        Answers.send(answer, calls.call(() -> bans.lift(request)));
    }

    @Override
    public void list(ListBansRequest request, StreamObserver<ListBansReply> answer) {
        Answers.send(answer, calls.call(() -> bans.list(request)));
    }

    @Override
    public void changes(BanChangesRequest request, StreamObserver<BanChangesReply> answer) {
        Answers.send(answer, reads.call(() -> bans.changes(request)));
    }
}
