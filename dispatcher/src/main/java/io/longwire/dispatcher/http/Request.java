package io.longwire.dispatcher.http;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;

/**
 * One request, whole.
 *
 * @param protobuf the caller wants (or sends) protobuf instead of JSON
 */
public record Request(String method, String path, Map<String, List<String>> query, byte[] body, boolean protobuf,
        InetAddress caller) {
    /** The first value of a query parameter, or the default. */
    public String parameter(String name, String otherwise) {
        List<String> values = query.get(name);
        return values == null || values.isEmpty() ? otherwise : values.getFirst();
    }
}
