package io.longwire.center.openapi;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.longwire.center.rest.HttpRule;
import io.longwire.keeper.trace.Traceparent;
import io.longwire.rpc.center.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Makes the document: every call of the service, every message it reaches. Static; called once at start. */
public final class OpenApi {
    private static final String PAGE = "/io/longwire/center/openapi/docs.html";
    private static final String SCHEMAS = "#/components/schemas/";
    private static final Set<String> TRACED = Set.of("Send", "SendBatch");

    private final ServiceDescriptor service;
    private final Comments comments;
    private final Map<String, Object> schemas = new LinkedHashMap<>();
    private final Map<String, Descriptor> types = new HashMap<>();

    private OpenApi(ServiceDescriptor service) {
        this.service = service;
        this.comments = Comments.of(service.getFile());
    }

    /** OpenAPI 3.0, as JSON. */
    public static byte[] json(ServiceDescriptor service, List<HttpRule> rules) {
        return JsonTree.bytes(new OpenApi(service).document(rules));
    }

    /** The page that shows it. */
    public static byte[] page() {
        try (InputStream in = OpenApi.class.getResourceAsStream(PAGE)) {
            if (in == null) {
                throw new IllegalStateException(PAGE + ": missing (expected: in the jar)");
            }
            return in.readAllBytes();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private Map<String, Object> document(List<HttpRule> rules) {
        var paths = new LinkedHashMap<String, Map<String, Object>>();
        for (HttpRule rule : rules) {
            paths.computeIfAbsent(rule.path(), path -> new LinkedHashMap<>())
                    .put(rule.method().toLowerCase(Locale.ROOT), operation(rule));
        }
        schema(Problem.getDescriptor());
        var document = new LinkedHashMap<String, Object>();
        document.put("openapi", "3.0.3");
        document.put("info", Map.of("title", "Longwire", "version", "v1",
                "description", "Push messages to phones. The same calls as gRPC: longwire.center.v1.Center."));
        document.put("security", List.of(Map.of("key", List.of())));
        document.put("paths", paths);
        document.put("components", Map.of("schemas", schemas, "securitySchemes",
                Map.of("key", Map.of("type", "http", "scheme", "bearer"))));
        return document;
    }

    private Map<String, Object> operation(HttpRule rule) {
        MethodDescriptor call = service.findMethodByName(rule.call());
        var operation = new LinkedHashMap<String, Object>();
        operation.put("operationId", rule.call());
        operation.put("tags", List.of(tag(rule)));
        operation.put("summary", comments.of(call));
        var parameters = parameters(rule, call.getInputType());
        if (!parameters.isEmpty()) {
            operation.put("parameters", parameters);
        }
        if (rule.hasBody()) {
            operation.put("requestBody", Map.of("required", rule.variables().isEmpty(), "content",
                    content("application/json", body(call.getInputType(), rule.variables()))));
        }
        var responses = new LinkedHashMap<String, Object>();
        responses.put("200", Map.of("description", comments.of(call.getOutputType()), "content",
                content("application/json", schema(call.getOutputType()))));
        responses.put("default", Map.of("description", "Refused; docs/errors.md lists the codes", "content",
                content("application/problem+json", reference(Problem.getDescriptor()))));
        operation.put("responses", responses);
        return operation;
    }

    // Without a body, what is not in the path is in the query.
    private List<Map<String, Object>> parameters(HttpRule rule, Descriptor request) {
        var parameters = new ArrayList<Map<String, Object>>();
        rule.variables().forEach(field -> parameters.add(parameter(field, "path")));
        if (!rule.hasBody()) {
            request.getFields().stream().filter(field -> !rule.variables().contains(field))
                    .forEach(field -> parameters.add(parameter(field, "query")));
        }
        if (TRACED.contains(rule.call())) {
            parameters.add(Map.of("name", Traceparent.HEADER, "in", "header", "required", false, "description",
                    "W3C trace context of what is sent; a malformed one is ignored", "schema",
                    Map.of("type", "string"), "example", Examples.TRACEPARENT));
        }
        return parameters;
    }

    private Map<String, Object> parameter(FieldDescriptor field, String in) {
        var parameter = new LinkedHashMap<String, Object>();
        parameter.put("name", field.getName());
        parameter.put("in", in);
        parameter.put("required", in.equals("path"));
        parameter.put("description", comments.of(field));
        parameter.put("schema", property(field));
        return parameter;
    }

    // The first segment after the version: what the call is about.
    private static String tag(HttpRule rule) {
        String segment = rule.path().split("/", -1)[2];
        int colon = segment.indexOf(':');
        return colon < 0 ? segment : segment.substring(0, colon);
    }

    // What is in the path is not in the body.
    private Map<String, Object> body(Descriptor type, List<FieldDescriptor> inPath) {
        if (inPath.isEmpty()) {
            return schema(type);
        }
        return object(type, type.getFields().stream().filter(field -> !inPath.contains(field)).toList());
    }

    // By name, so a message may contain itself.
    private Map<String, Object> schema(Descriptor type) {
        Descriptor named = types.putIfAbsent(type.getName(), type);
        if (named != null && !named.equals(type)) {
            throw new IllegalStateException("schema " + type.getName() + ": " + named.getFullName() + " and "
                    + type.getFullName() + " (expected: names that differ)");
        }
        if (named == null) {
            schemas.put(type.getName(), object(type, type.getFields()));
        }
        return reference(type);
    }

    private Map<String, Object> object(Descriptor type, List<FieldDescriptor> fields) {
        var properties = new LinkedHashMap<String, Object>();
        for (FieldDescriptor field : fields) {
            properties.put(field.getName(), property(field));
        }
        var object = new LinkedHashMap<String, Object>();
        object.put("type", "object");
        if (!comments.of(type).isEmpty()) {
            object.put("description", comments.of(type));
        }
        object.put("properties", properties);
        object.put("additionalProperties", false);
        return object;
    }

    private Map<String, Object> property(FieldDescriptor field) {
        Map<String, Object> property = new LinkedHashMap<>();
        if (field.isMapField()) {
            property.put("type", "object");
            property.put("additionalProperties", type(field.getMessageType().findFieldByName("value")));
        } else if (field.isRepeated()) {
            property.put("type", "array");
            property.put("items", type(field));
        } else {
            property.putAll(type(field));
        }
        String comment = comments.of(field);
        Object example = Examples.of(field);
        if (property.containsKey("$ref")) {
            return comment.isEmpty() ? property : described(property, comment);
        }
        if (!comment.isEmpty()) {
            property.put("description", comment);
        }
        if (example != null) {
            property.put("example", field.isRepeated() && !field.isMapField() ? List.of(example) : example);
        }
        return property;
    }

    // OpenAPI 3.0 looks at nothing beside a reference.
    private static Map<String, Object> described(Map<String, Object> reference, String comment) {
        var described = new LinkedHashMap<String, Object>();
        described.put("description", comment);
        described.put("allOf", List.of(reference));
        return described;
    }

    private Map<String, Object> type(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case STRING -> Map.of("type", "string");
            case BYTE_STRING -> Map.of("type", "string", "format", "byte");
            case INT -> Map.of("type", "integer", "minimum", 0, "maximum", 0xffffffffL);
            case LONG -> Map.of("type", "integer", "format", "int64", "minimum", 0);
            case BOOLEAN -> Map.of("type", "boolean");
            case FLOAT, DOUBLE -> Map.of("type", "number");
            case ENUM -> {
                var names = new ArrayList<String>();
                field.getEnumType().getValues().forEach(value -> names.add(value.getName()));
                yield Map.of("type", "string", "enum", names);
            }
            case MESSAGE -> schema(field.getMessageType());
        };
    }

    private static Map<String, Object> reference(Descriptor type) {
        return Map.of("$ref", SCHEMAS + type.getName());
    }

    private static Map<String, Object> content(String mediaType, Map<String, Object> schema) {
        return Map.of(mediaType, Map.of("schema", schema));
    }
}
