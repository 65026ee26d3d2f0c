package io.longwire.coordinator.pace;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.longwire.rpc.coordinator.FeedbackReply;
import io.longwire.rpc.coordinator.FeedbackRequest;
import io.longwire.rpc.coordinator.PaceGrpc.PaceImplBase;

/** Tells centers how backends bear their callbacks. Nothing here blocks. */
public final class PaceRpc extends PaceImplBase {
    private static final int MOST_APPS = 1_000;

    private final Paces paces;

    public PaceRpc(Paces paces) {
        this.paces = paces;
    }

    @Override
    public void getFeedback(FeedbackRequest request, StreamObserver<FeedbackReply> answer) {
        if (request.getAppIdsCount() > MOST_APPS) {
            answer.onError(Status.INVALID_ARGUMENT.withDescription("app_ids: " + request.getAppIdsCount()
                    + " (expected: at most " + MOST_APPS + ")").asRuntimeException());
            return;
        }
        paces.feedback(request.getAppIdsList()).whenComplete((reply, bug) -> {
            if (bug != null) {
                answer.onError(Status.INTERNAL.withDescription(bug.toString()).asRuntimeException());
            } else {
                answer.onNext(reply);
                answer.onCompleted();
            }
        });
    }
}
