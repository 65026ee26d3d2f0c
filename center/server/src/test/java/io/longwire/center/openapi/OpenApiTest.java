package io.longwire.center.openapi;

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
    private final Comments comments = Comments.of(ApiServer.SERVICE.getFile().getName());
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
            assertThat(document).contains("\"operationId\" : \"" + call.getName() + "\"");
        }
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
