package io.longwire.center.uplink;

import io.longwire.rpc.center.FinishEventsRequest;
import io.longwire.rpc.center.PollEventsRequest;
import io.longwire.rpc.center.ReplyToEventRequest;
import io.longwire.rpc.coordinator.AppFinish;
import io.longwire.rpc.coordinator.AppPoll;
import io.longwire.rpc.coordinator.AppReply;
import io.longwire.rpc.coordinator.FinishReply;
import io.longwire.rpc.coordinator.FinishRequest;
import io.longwire.rpc.coordinator.PollReply;
import io.longwire.rpc.coordinator.PollRequest;
import io.longwire.rpc.coordinator.ReplyReply;
import io.longwire.rpc.coordinator.ReplyRequest;
import java.util.concurrent.CompletableFuture;

/** Events asked for, settled and answered, one call at a time. Thread-safe, never blocks. */
public record Polls(Outlets outlets) {
    CompletableFuture<PollReply> poll(int app, PollEventsRequest request) {
        var poll = PollRequest.newBuilder().setType(request.getType()).setChannel(request.getChannel())
                .setLimit(request.getLimit()).setWaitMs(request.getWaitMs()).setInFlightMs(request.getInFlightMs());
        return outlets.poll(AppPoll.newBuilder().setAppId(app).setPoll(poll).build())
                .exceptionallyCompose(Refusals::failed);
    }

    CompletableFuture<FinishReply> finish(int app, FinishEventsRequest request) {
        var finish = FinishRequest.newBuilder().setType(request.getType()).setChannel(request.getChannel())
                .addAllFin(request.getFinList()).addAllReq(request.getReqList());
        return outlets.finish(AppFinish.newBuilder().setAppId(app).setFinish(finish).build())
                .exceptionallyCompose(Refusals::failed);
    }

    CompletableFuture<ReplyReply> reply(int app, ReplyToEventRequest request) {
        var reply = ReplyRequest.newBuilder().setReplyTo(request.getReplyTo()).setBody(request.getBody())
                .setRefuse(request.getRefuse());
        return outlets.reply(AppReply.newBuilder().setAppId(app).setReply(reply).build())
                .exceptionallyCompose(Refusals::failed);
    }
}
