package io.longwire.center.rest;

import com.google.api.AnnotationsProto;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
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

    /** The rules of all calls of a service. */
    public static List<HttpRule> of(ServiceDescriptor service) {
        return service.getMethods().stream().map(HttpRule::of).toList();
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

    /** The values of the variables if the path is this rule's; null if not. */
    @Nullable
    List<String> match(String requestPath) {
        int colon = requestPath.indexOf(':', requestPath.lastIndexOf('/'));
        if (!verb.equals(colon < 0 ? "" : requestPath.substring(colon + 1))) {
            return null;
        }
        String[] parts = requestPath.substring(1, colon < 0 ? requestPath.length() : colon).split("/", -1);
        if (parts.length != segments.size()) {
            return null;
        }
        var values = new ArrayList<String>(variables.size());
        for (int i = 0; i < parts.length; i++) {
            String literal = segments.get(i);
            if (literal == null && !parts[i].isEmpty()) {
                values.add(parts[i]);
            } else if (!parts[i].equals(literal)) {
                return null;
            }
        }
        return values;
    }
}
