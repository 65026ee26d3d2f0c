package io.longwire.keeper.server.console.operate;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.longwire.keeper.rpc.Rpc;
import io.longwire.keeper.rpc.RpcFailure;
import io.longwire.keeper.server.console.center.AdminKey;
import io.longwire.keeper.server.console.web.Refusal;
import io.longwire.keeper.server.console.web.Refusal.Why;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Calls a keeper's own services with the operator's key, any keeper as each answers the same; and their messages as
 * JSON. Thread-safe, blocks.
 */
public final class Keepers {
    private static final JsonFormat.Printer PRINTER = JsonFormat.printer().preservingProtoFieldNames()
            .omittingInsignificantWhitespace().alwaysPrintFieldsWithNoPresence();
    private static final JsonFormat.Parser PARSER = JsonFormat.parser();
    private static final Metadata.Key<String> AUTHORIZATION = Metadata.Key.of("authorization",
            Metadata.ASCII_STRING_MARSHALLER);

    private final Rpc rpc;
    private final AdminKey key;

    public Keepers(Rpc rpc, AdminKey key) {
        this.rpc = rpc;
        this.key = key;
    }

    <Q, A> A call(MethodDescriptor<Q, A> method, Q request, Duration patience) {
        try {
            return ClientCalls.blockingUnaryCall(channel(), method, options(patience), request);
        } catch (StatusRuntimeException refused) {
            throw refusal(refused);
        }
    }

    /** To be closed. */
    <Q, A> Answers<A> stream(MethodDescriptor<Q, A> method, Q request, Duration patience) {
        var answers = new Answers<A>();
        ClientCalls.asyncServerStreamingCall(channel().newCall(method, options(patience)), request,
                answers.<Q>observer());
        return answers;
    }

    static byte[] json(Message message) {
        try {
            return PRINTER.print(message).getBytes(StandardCharsets.UTF_8);
        } catch (InvalidProtocolBufferException impossible) {
            throw new IllegalStateException("no Any in it", impossible);
        }
    }

    /** Throws {@link Refusal} for what is not such a message. */
    static void merge(byte[] json, Message.Builder into) {
        try {
            PARSER.merge(new String(json, StandardCharsets.UTF_8), into);
        } catch (InvalidProtocolBufferException wrong) {
            throw Refusal.because(Why.INVALID_ARGUMENT, "body: " + String.valueOf(wrong.getMessage())
                    .replaceAll("\\p{Cntrl}", " ") + " (expected: a " + into.getDescriptorForType().getName() + ")");
        }
    }

    /** What a keeper's refusal is here. */
    static Refusal refusal(StatusRuntimeException failed) {
        String detail = failed.getStatus().getDescription() == null
                ? "keeper: " + failed.getStatus().getCode()
                : failed.getStatus().getDescription();
        return switch (failed.getStatus().getCode()) {
            case INVALID_ARGUMENT, OUT_OF_RANGE -> Refusal.because(Why.INVALID_ARGUMENT, detail);
            case NOT_FOUND -> Refusal.because(Why.NOT_FOUND, detail);
            case FAILED_PRECONDITION, ABORTED, ALREADY_EXISTS -> Refusal.because(Why.CONFLICT, detail);
            case RESOURCE_EXHAUSTED -> Refusal.later(Why.BUSY, detail, Duration.ofSeconds(2));
            case UNIMPLEMENTED -> Refusal.because(Why.UNAVAILABLE, "keeper: does not serve this call");
            default -> Refusal.later(Why.UNAVAILABLE, detail, Duration.ofSeconds(2));
        };
    }

    private Channel channel() {
        var headers = new Metadata();
        headers.put(AUTHORIZATION, "Bearer " + key.text());
        try {
            return ClientInterceptors.intercept(rpc.anyChannel("keeper"),
                    MetadataUtils.newAttachHeadersInterceptor(headers));
        } catch (RpcFailure none) {
            throw Refusal.later(Why.UNAVAILABLE, String.valueOf(none.getMessage()), Duration.ofSeconds(2));
        }
    }

    private static CallOptions options(Duration patience) {
        return CallOptions.DEFAULT.withDeadlineAfter(patience.toMillis(), TimeUnit.MILLISECONDS);
    }
}
