package io.longwire.keeper.server.config;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.longwire.rpc.keeper.ConfigCode;

/** A request that the configuration store does not fulfil. The message has the form "name: value (expected: rule)". */
public final class ConfigRefused extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final String DOMAIN = "longwire.keeper";

    private final ConfigCode code;

    public ConfigRefused(ConfigCode code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    public ConfigCode code() {
        return code;
    }

    /** As gRPC tells it. */
    StatusRuntimeException status() {
        return StatusProto.toStatusRuntimeException(Status.newBuilder().setCode(grpc().value())
                .setMessage(String.valueOf(getMessage()))
                .addDetails(Any.pack(ErrorInfo.newBuilder().setReason(code.name()).setDomain(DOMAIN).build())).build());
    }

    private Code grpc() {
        return switch (code) {
            case UNKNOWN_PART, NO_SUCH_VERSION -> Code.NOT_FOUND;
            case NO_ROLLOUT, ROLLOUT_UNDER_WAY, NO_LIVE_PROCESS, NOTHING_BEFORE -> Code.FAILED_PRECONDITION;
            case CHANGED_MEANWHILE -> Code.ABORTED;
            case BAD_REQUEST, INVALID_CONFIG -> Code.INVALID_ARGUMENT;
            case NOT_ALLOWED -> Code.UNAUTHENTICATED;
            case STORE_AWAY -> Code.UNAVAILABLE;
            case CONFIG_CODE_UNSPECIFIED, UNRECOGNIZED -> Code.UNKNOWN;
        };
    }
}
