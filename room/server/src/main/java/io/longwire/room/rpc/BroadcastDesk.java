package io.longwire.room.rpc;

import io.longwire.room.broadcast.BroadcastBoard;
import io.longwire.room.broadcast.WalkSums;
import io.longwire.room.client.audience.CompiledAudience;
import io.longwire.room.phone.RoomLoops;
import io.longwire.rpc.room.BroadcastOrder;
import io.longwire.rpc.room.CountReply;
import io.longwire.rpc.room.CountRequest;
import io.longwire.rpc.room.WalkStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BinaryOperator;
import java.util.function.IntSupplier;

/** Puts broadcasts in force, has them walked, and gathers from all loops how far they are. Thread-safe. */
public final class BroadcastDesk {
    private final RoomLoops loops;
    private final BroadcastBoard board;
    private final IntSupplier incarnation;

    public BroadcastDesk(RoomLoops loops, BroadcastBoard board, IntSupplier incarnation) {
        this.loops = loops;
        this.board = board;
        this.incarnation = incarnation;
    }

    /** @param walk whether the stage is to be walked */
    public CompletableFuture<WalkStatus> take(BroadcastOrder order, boolean walk) {
        if (order.getRoomIncarnation() != incarnation.getAsInt()) {
            return only(WalkStatus.Code.NOT_HERE);
        }
        if (board.take(order, walk) == BroadcastBoard.Taken.FENCED) {
            return only(WalkStatus.Code.FENCED);
        }
        if (!board.loaded()) {
            return only(WalkStatus.Code.LOADING);
        }
        long id = order.getBroadcast().getBroadcastId();
        int stage = order.getBroadcast().getStage();
        List<CompletableFuture<WalkStatus>> answers = new ArrayList<>();
        for (int i = 0; i < loops.count(); i++) {
            var answer = new CompletableFuture<WalkStatus>();
            var loop = loops.at(i);
            loop.loop().mailbox().answer(() -> answer.complete(loop.broadcasts().status(id, stage)));
            answers.add(answer);
        }
        return sum(answers, WalkSums::sum);
    }

    /** Fails if some profiles could not be asked, or the audience breaks a rule. */
    public CompletableFuture<CountReply> count(CountRequest request) {
        if (request.getRoomIncarnation() != incarnation.getAsInt()) {
            return CompletableFuture
                    .completedFuture(CountReply.newBuilder().setCode(WalkStatus.Code.NOT_HERE).build());
        }
        List<CompletableFuture<CountReply>> answers = new ArrayList<>();
        try {
            CompiledAudience audience = CompiledAudience.compile(request.getAudience());
            for (int i = 0; i < loops.count(); i++) {
                var answer = new CompletableFuture<CountReply>();
                var loop = loops.at(i);
                loop.loop().mailbox().answer(() -> loop.broadcasts().count(request.getAppId(), audience, answer));
                answers.add(answer);
            }
        } catch (IllegalArgumentException bad) {
            return CompletableFuture.failedFuture(bad);
        }
        return sum(answers, WalkSums::sum);
    }

    private static CompletableFuture<WalkStatus> only(WalkStatus.Code code) {
        return CompletableFuture.completedFuture(WalkStatus.newBuilder().setCode(code).build());
    }

    private static <A> CompletableFuture<A> sum(List<CompletableFuture<A>> answers, BinaryOperator<A> sum) {
        return answers.stream().reduce((one, other) -> one.thenCombine(other, sum)).orElseThrow();
    }
}
