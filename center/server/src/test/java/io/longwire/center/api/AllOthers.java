package io.longwire.center.api;

import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.DynamicMessage;
import io.longwire.center.face.ApiServer;
import java.util.concurrent.CompletableFuture;

/** Serves every call but one: with the request as the answer, or with a stream that says nothing. */
public final class AllOthers {
    private AllOthers() {
    }

    public static Feature than(String name) {
        return table -> ApiServer.SERVICE.getMethods().stream().filter(call -> !call.getName().equals(name))
                .forEach(call -> serve(table, call));
    }

    private static void serve(Calls.Table table, MethodDescriptor call) {
        var empty = DynamicMessage.getDefaultInstance(call.getInputType());
        if (call.isServerStreaming()) {
            table.stream(call.getName(), empty, (context, request, out) -> () -> {
            });
        } else {
            table.call(call.getName(), empty, (context, request) -> CompletableFuture.completedFuture(request));
        }
    }
}
