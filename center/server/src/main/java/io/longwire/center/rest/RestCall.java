package io.longwire.center.rest;

import com.google.protobuf.Message;
import io.longwire.center.api.Call;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;

/**
 * One call of the API, for a face that knows messages by their descriptors only.
 *
 * @param empty the request without any field
 */
public record RestCall<Q extends Message>(Q empty, BiFunction<Call, Q, CompletableFuture<? extends Message>> call) {

    CompletableFuture<? extends Message> answer(Call context, Message request) {
        @SuppressWarnings("unchecked") // the request was built from `empty`
        Q typed = (Q) request;
        return call.apply(context, typed);
    }
}
