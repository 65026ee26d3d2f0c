package io.longwire.register.client;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * One put on its way to the owners of its slot. The counters are confined to the listener's executor, so the
 * listener hears the first acknowledgement first whatever threads the answers come on.
 */
final class PendingPut {
    final long endpointId;
    final long connSeq;
    private final SessionListener listener;
    private final Executor executor;
    private int owners;
    private int outcomes;
    private int acks;
    private boolean owed;

    PendingPut(long endpointId, long connSeq, SessionListener listener, Executor executor) {
        this.endpointId = endpointId;
        this.connSeq = connSeq;
        this.listener = listener;
        this.executor = executor;
    }

    /** Before the first question is asked. */
    void askedOf(int count) {
        owners = count;
    }

    void acked(PutResult result, boolean late) {
        run(() -> {
            acks++;
            if (acks == 1) {
                listener.onFirstAck(result);
            } else if (acks == 2) {
                listener.onSecondAck(result);
            }
            if (!late) {
                outcome();
            }
        });
    }

    void failed() {
        run(() -> {
            owed = true;
            outcome();
        });
    }

    private void outcome() {
        outcomes++;
        if (outcomes >= owners && owed) {
            owed = false;
            listener.onOwed(acks);
        }
        if (outcomes == Math.max(1, owners)) {
            listener.onSettled();
        }
    }

    private void run(Runnable told) {
        try {
            executor.execute(told);
        } catch (RejectedExecutionException closed) {
            owed = false; // the loop has ended and its sessions with it: nobody is left to be told
        }
    }
}
