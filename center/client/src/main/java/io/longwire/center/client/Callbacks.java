package io.longwire.center.client;

import io.longwire.center.client.call.Answer;
import io.longwire.center.client.call.Calls;
import io.longwire.center.client.call.Repeat;
import io.longwire.rpc.center.CallbackName;
import io.longwire.rpc.center.CenterGrpc;
import java.util.List;

/** Where what phones say is sent. The key needs the scope {@code receive}. Thread-safe. */
public final class Callbacks {
    private final Calls calls;

    Callbacks(Calls calls) {
        this.calls = calls;
    }

    /** Stands for the one of the same type from now on; all coordinators follow within seconds. */
    public Answer<Callback> put(NewCallback callback) {
        return calls.call(CenterGrpc.getPutCallbackMethod(), callback.request(), Repeat.ALWAYS).map(Callback::of);
    }

    /** Those of the app, by type. */
    public Answer<List<Callback>> list() {
        return calls.call(CenterGrpc.getListCallbacksMethod(), CallbackName.getDefaultInstance(), Repeat.ALWAYS)
                .map(reply -> reply.getCallbacksList().stream().map(Callback::of).toList());
    }

    /** Ends one; what waits for it goes with it. Fails with {@code unknown_callback} if there is none. */
    public Answer<Callback> delete(String type) {
        return calls.call(CenterGrpc.getDeleteCallbackMethod(), CallbackName.newBuilder().setType(type).build(),
                Repeat.IF_NOTHING_WAS_DONE).map(Callback::of);
    }
}
