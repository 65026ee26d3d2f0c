package io.longwire.center.openapi;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import io.longwire.center.face.ApiServer;
import io.longwire.center.rest.HttpRule;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class OpenApiTest {
    private final Comments comments = Comments.of(ApiServer.SERVICE.getFile());
    private final String document = new String(OpenApi.json(ApiServer.SERVICE, HttpRule.of(ApiServer.SERVICE)),
            StandardCharsets.UTF_8);

    @Test
    void hasASentenceForEveryCallAndField() {
        var silent = new ArrayList<String>();
        for (MethodDescriptor call : ApiServer.SERVICE.getMethods()) {
            if (comments.of(call).isEmpty()) {
                silent.add(call.getName());
            }
        }
        for (FieldDescriptor field : fields()) {
            if (comments.of(field).isEmpty()) {
                silent.add(field.getFullName());
            }
        }

        assertThat(silent).isEmpty();
    }

    @Test
    void hasAnExampleForEveryFieldThatIsNoMessage() {
        assertThat(fields()).filteredOn(field -> field.getJavaType() != FieldDescriptor.JavaType.MESSAGE
                || field.isMapField()).allSatisfy(field -> assertThat(Examples.of(field)).as(field.getFullName())
                        .isNotNull());
    }

    @Test
    void showsQueriesMapsAndWhoIsInTheirPath() {
        assertThat(document).contains("\"/v1/aliases/{alias}\"", "\"additionalProperties\" : {", "\"in\" : \"query\"");
        for (MethodDescriptor call : ApiServer.SERVICE.getMethods()) {
            String shown = "\"operationId\" : \"" + call.getName() + "\"";
            assertThat(document.contains(shown)).as(shown).isEqualTo(!call.isServerStreaming());
        }
    }

    @Test
    void showsTheTraceOfWhatSends() throws Exception {
        var paths = new ObjectMapper().readTree(document).at("/paths");

        for (String path : new String[]{"/v1/messages", "/v1/messages:batch"}) {
            var parameter = paths.path(path).at("/post/parameters/0");
            assertThat(parameter.at("/name").asText()).as(path).isEqualTo("traceparent");
            assertThat(parameter.at("/in").asText()).isEqualTo("header");
        }
        assertThat(paths.path("/v1/broadcasts").at("/post/parameters").isMissingNode()).isTrue();
    }

    @Test
    void showsAMessageThatContainsItselfByReference() throws Exception {
        var audience = new ObjectMapper().readTree(document).at("/components/schemas/Audience");

        assertThat(audience.at("/description").asText()).startsWith("Exactly one field is set");
        assertThat(audience.at("/properties/all/items/$ref").asText()).isEqualTo("#/components/schemas/Audience");
        assertThat(audience.at("/properties/not/allOf/0/$ref").asText()).isEqualTo("#/components/schemas/Audience");
        assertThat(audience.at("/properties/tag/description").asText()).isEqualTo("the endpoint has the tag");
        assertThat(audience.at("/properties/app_version/allOf/0/$ref").asText())
                .isEqualTo("#/components/schemas/Compare");
    }

    @Test
    void showsNumbersAsWhatTheyAre() throws Exception {
        var schemas = new ObjectMapper().readTree(document).at("/components/schemas");

        assertThat(schemas.at("/Compare/properties/ge/type").asText()).isEqualTo("integer");
        assertThat(schemas.at("/BroadcastCanary/properties/percent/type").asText()).isEqualTo("number");
        assertThat(schemas.at("/BroadcastInfo/properties/rate_per_second/example").asDouble()).isEqualTo(49_870.5);
    }

    private static Set<FieldDescriptor> fields() {
        var fields = new LinkedHashSet<FieldDescriptor>();
        var seen = new LinkedHashSet<Descriptor>();
        for (MethodDescriptor call : ApiServer.SERVICE.getMethods()) {
            gather(call.getInputType(), seen, fields);
            gather(call.getOutputType(), seen, fields);
        }
        return fields;
    }

    private static void gather(Descriptor type, Set<Descriptor> seen, Set<FieldDescriptor> fields) {
        if (!seen.add(type)) {
            return;
        }
        for (FieldDescriptor field : type.getFields()) {
            fields.add(field);
            if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && !field.isMapField()) {
                gather(field.getMessageType(), seen, fields);
            }
        }
    }
}
