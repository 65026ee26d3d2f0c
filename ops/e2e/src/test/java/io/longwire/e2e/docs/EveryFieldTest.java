package io.longwire.e2e.docs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import io.longwire.rpc.center.AppSettings;
import io.longwire.rpc.center.CreateAppRequest;
import io.longwire.rpc.center.CreateBroadcastRequest;
import io.longwire.rpc.center.CreateScheduleRequest;
import io.longwire.rpc.center.SendBatchRequest;
import io.longwire.rpc.center.SendRequest;
import io.longwire.rpc.center.UpdateAppRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever a backend may ask for stands in an example of the API's page, and examples are run. Fields are told by their
 * full names, values of enums as {@code field=VALUE}. What a message's dry run names is not counted: it can be sent.
 */
final class EveryFieldTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern CALL = Pattern.compile(":8080(/v1/\\S+) -d (.+)", Pattern.DOTALL);
    private static final Map<String, Descriptor> REQUESTS = Map.of("/v1/messages", SendRequest.getDescriptor(),
            "/v1/messages:batch", SendBatchRequest.getDescriptor(),
            "/v1/broadcasts", CreateBroadcastRequest.getDescriptor(),
            "/v1/schedules", CreateScheduleRequest.getDescriptor(),
            "/v1/apps", CreateAppRequest.getDescriptor(),
            "/v1/apps/2:update", UpdateAppRequest.getDescriptor());

    static List<Descriptor> requests() {
        return List.of(SendRequest.getDescriptor(), CreateBroadcastRequest.getDescriptor(),
                CreateScheduleRequest.getDescriptor(), AppSettings.getDescriptor());
    }

    @ParameterizedTest
    @MethodSource("requests")
    void standsInAnExampleOfTheApisPage(Descriptor request) {
        var wanted = new TreeSet<String>();
        all(request, wanted);

        assertThat(shown(Page.read("api.md").examples())).containsAll(wanted);
    }

    @Test
    void readsWhatACommandNames() {
        assertThat(shown("/v1/messages -d '{\"to\":{\"aliases\":[\"'$USER'\"]},\"priority\":\"LOW\"}'"))
                .containsExactly("longwire.center.v1.SendRequest.priority",
                        "longwire.center.v1.SendRequest.priority=LOW", "longwire.center.v1.SendRequest.to",
                        "longwire.center.v1.Target.aliases");
        assertThat(shown("/v1/messages -d '{\"priority\":\"LOW\",\"dry_run\":true}'"))
                .containsExactly("longwire.center.v1.SendRequest.dry_run");
        assertThat(shown("/v1/elsewhere -d '{\"priority\":\"LOW\"}'")).isEmpty();
    }

    private static Set<String> shown(String call) {
        return shown(List.of(new Example("page", 1, "console", Pattern.compile(""), "$ curl :8080" + call + "\n")));
    }

    private static Set<String> shown(List<Example> examples) {
        var names = new TreeSet<String>();
        for (Example example : examples) {
            for (String command : new Transcript(example.text()).commands()) {
                Matcher call = CALL.matcher(command);
                if (call.find() && REQUESTS.containsKey(call.group(1))) {
                    // without its quotes, what the shell puts in is a text like others
                    shown(read(call.group(2).replace("'", "")), REQUESTS.get(call.group(1)), names);
                }
            }
        }
        return names;
    }

    private static void shown(JsonNode request, Descriptor type, Set<String> names) {
        boolean dry = type == SendRequest.getDescriptor() && request.path("dry_run").asBoolean();
        for (Map.Entry<String, JsonNode> each : request.properties()) {
            FieldDescriptor field = type.findFieldByName(each.getKey());
            if (field != null && (!dry || each.getKey().equals("dry_run"))) {
                names.add(field.getFullName());
                for (JsonNode value : each.getValue().isArray() ? each.getValue() : List.of(each.getValue())) {
                    value(value, field, names);
                }
            }
        }
    }

    private static void value(JsonNode value, FieldDescriptor field, Set<String> names) {
        if (field.getJavaType() == JavaType.MESSAGE) {
            shown(value, field.getMessageType(), names);
        } else if (field.getJavaType() == JavaType.ENUM) {
            names.add(field.getFullName() + "=" + value.asText());
        }
    }

    /** All that may be named, but an enum's default. */
    private static void all(Descriptor type, Set<String> names) {
        for (FieldDescriptor field : type.getFields()) {
            boolean first = names.add(field.getFullName());
            if (first && field.getJavaType() == JavaType.MESSAGE) {
                all(field.getMessageType(), names);
            } else if (field.getJavaType() == JavaType.ENUM) {
                field.getEnumType().getValues().stream().filter(value -> value.getNumber() != 0)
                        .map(EnumValueDescriptor::getName)
                        .forEach(value -> names.add(field.getFullName() + "=" + value));
            }
        }
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException broken) {
            throw new UncheckedIOException(json, broken);
        }
    }
}
