package io.longwire.saver.ledger;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import io.longwire.device.v1.Push;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;

import org.jspecify.annotations.Nullable;

/**
 * The trace of a message: in its envelope while the ledger has that, and beside its end, which outlives it. A message
 * without one costs nothing: its kind says so, and its envelope is not looked at. Static, pure.
 */
public final class Traces {
    private static final int BYTES = 26;

    private Traces() {
    }

    /** The body of a message {@code m}, if it has a trace. */
    public static String body() {
        return "IF(m.kind & " + MessageKind.TRACED + ", m.body, NULL)";
    }

    /** Of a row that was read with its body; empty = it has none. */
    public static ByteString of(int kind, byte[] body) {
        return MessageKind.traced(kind) ? in(body) : ByteString.EMPTY;
    }

    /** What an envelope has; empty for none, and for what is no envelope. */
    public static ByteString in(byte @Nullable [] envelope) {
        if (envelope == null) {
            return ByteString.EMPTY;
        }
        ByteString trace = ByteString.EMPTY;
        try {
            CodedInputStream in = CodedInputStream.newInstance(envelope);
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                if (WireFormat.getTagFieldNumber(tag) == Push.TRACE_FIELD_NUMBER) {
                    trace = in.readBytes();
                } else {
                    in.skipField(tag);
                }
            }
        } catch (IOException noPush) {
            return ByteString.EMPTY;
        }
        return trace.size() == BYTES ? trace : ByteString.EMPTY;
    }

    /** As a column has it. */
    public static ByteString column(byte @Nullable [] trace) {
        return trace == null ? ByteString.EMPTY : UnsafeByteOperations.unsafeWrap(trace);
    }

    /** NULL for none. */
    public static void bind(PreparedStatement statement, int at, ByteString trace) throws SQLException {
        if (trace.isEmpty()) {
            statement.setNull(at, Types.VARBINARY);
        } else {
            statement.setBytes(at, trace.toByteArray());
        }
    }
}
