package io.longwire.saver.append;

import io.longwire.rpc.saver.AppendResult;
import io.longwire.saver.ledger.StoreFailure;

/** Answers to an append. */
final class Results {
    private static final int RETRY_MILLIS = 50;

    private Results() {
    }

    static AppendResult accepted(long message, boolean cold) {
        return AppendResult.newBuilder().setCode(AppendResult.Code.ACCEPTED).setMessageId(message).setCold(cold)
                .build();
    }

    static AppendResult collapsed(AppendResult result, long message) {
        return message == 0 ? result : result.toBuilder().setCollapsedId(message).build();
    }

    static AppendResult of(AppendResult.Code code, long message, String reason) {
        return AppendResult.newBuilder().setCode(code).setMessageId(message).setReason(reason).build();
    }

    static AppendResult failed(long message, Throwable thrown) {
        StoreFailure failure = StoreFailure.of(thrown);
        AppendResult.Code code = failure.kind() == StoreFailure.Kind.BUSY
                ? AppendResult.Code.BUSY
                : AppendResult.Code.UNAVAILABLE;
        return of(code, message, String.valueOf(failure.getMessage())).toBuilder().setRetryAfterMs(RETRY_MILLIS)
                .build();
    }
}
