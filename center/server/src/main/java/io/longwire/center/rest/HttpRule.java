package io.longwire.center.rest;

import com.google.api.AnnotationsProto;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.longwire.center.refuse.Refused;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * One call as a path and a method, from its annotation: {@code POST /v1/endpoints/{endpoint}:kick}.
 *
 * @param path as written in the annotation
 * @param segments literals, and null where a variable stands
 * @param variables the request's fields for the variables, in order
 * @param verb what follows the last colon; empty = none
 * @param hasBody the whole request, but for the variables, is the body
 */
public record HttpRule(String call, String method, String path, List<@Nullable String> segments,
        List<FieldDescriptor> variables, String verb, boolean hasBody) {

    /** The rules of all calls of a service that have one answer; a stream of answers is not on REST. */
    public static List<HttpRule> of(ServiceDescriptor service) {
        return service.getMethods().stream().filter(call -> !call.isServerStreaming()).map(HttpRule::of).toList();
    }

    private static HttpRule of(MethodDescriptor call) {
        com.google.api.HttpRule rule = call.getOptions().getExtension(AnnotationsProto.http);
        return switch (rule.getPatternCase()) {
            case GET -> of(call, "GET", rule.getGet(), rule.getBody());
            case POST -> of(call, "POST", rule.getPost(), rule.getBody());
            case DELETE -> of(call, "DELETE", rule.getDelete(), rule.getBody());
            default -> throw new IllegalStateException(
                    call.getFullName() + ": " + rule.getPatternCase() + " (expected: get, post or delete)");
        };
    }

    private static HttpRule of(MethodDescriptor call, String method, String path, String body) {
        int colon = path.indexOf(':', path.lastIndexOf('/'));
        String verb = colon < 0 ? "" : path.substring(colon + 1);
        String plain = colon < 0 ? path : path.substring(0, colon);
        var segments = new ArrayList<@Nullable String>();
        var variables = new ArrayList<FieldDescriptor>();
        for (String segment : plain.substring(1).split("/", -1)) {
            if (segment.startsWith("{")) {
                variables.add(call.getInputType().findFieldByName(segment.substring(1, segment.length() - 1)));
                segments.add(null);
            } else {
                segments.add(segment);
            }
        }
        return new HttpRule(call.getName(), method, path, segments, variables, verb, body.equals("*"));
    }

    /**
     * The values of the variables if the path is this rule's; null if not.
     *
     * @param requestPath as it came: what is %-encoded in it belongs to a value, slashes and colons too
     */
    @Nullable
    List<String> match(String requestPath) {
        String plain = requestPath.substring(1);
        if (!verb.isEmpty()) {
            if (!plain.endsWith(":" + verb)) {
                return null;
            }
            plain = plain.substring(0, plain.length() - verb.length() - 1);
        }
        String[] parts = plain.split("/", -1);
        if (parts.length != segments.size()) {
            return null;
        }
        var values = new ArrayList<String>(variables.size());
        for (int i = 0; i < parts.length; i++) {
            String literal = segments.get(i);
            if (literal == null && !parts[i].isEmpty()) {
                values.add(decoded(parts[i]));
            } else if (!parts[i].equals(literal)) {
                return null;
            }
        }
        return values;
    }

    private static String decoded(String segment) {
        if (segment.indexOf('%') < 0) {
            return segment;
        }
        try {
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException broken) {
            throw Refused.invalid("path", segment, "two hexadecimal digits after each %");
        }
    }
}
