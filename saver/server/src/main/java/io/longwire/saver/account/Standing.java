package io.longwire.saver.account;

import io.longwire.rpc.saver.EndpointRecord;

/** Whether an endpoint may be sent to, and whose it is. */
public record Standing(EndpointRecord.State state, int app) {
    static final Standing ABSENT = new Standing(EndpointRecord.State.ABSENT, 0);
}
