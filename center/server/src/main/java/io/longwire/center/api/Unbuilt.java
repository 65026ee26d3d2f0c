package io.longwire.center.api;

import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.DynamicMessage;

/**
 * THE ONE PLACE of what is not built yet: every call that no feature before this one has brought is refused. Deleted
 * when the features are whole.
 */
public record Unbuilt(ServiceDescriptor service) implements Feature {
    @Override
    public void register(Calls.Table table) {
        for (MethodDescriptor call : service.getMethods()) {
            table.unbuilt(call.getName(), DynamicMessage.getDefaultInstance(call.getInputType()));
        }
    }
}
