package io.longwire.coordinator.callback;

import io.longwire.rpc.coordinator.ReplyRequest;

/** Takes what a backend's answer says to requests. Thread-safe, never blocks, never throws. */
public interface Replier {
    void bring(int app, ReplyRequest reply);
}
