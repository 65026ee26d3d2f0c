package io.longwire.cli.terminal;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.google.protobuf.Message;
import io.longwire.center.client.call.BackendException;
import io.longwire.center.json.JsonWriter;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints what a command found: for people, or with {@code --json} one JSON value a line for programs. */
public final class Output {
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .defaultPropertyInclusion(JsonInclude.Value.construct(JsonInclude.Include.NON_NULL,
                    JsonInclude.Include.ALWAYS))
            .addModule(new SimpleModule().addSerializer(Instant.class, ToStringSerializer.instance)
                    .addSerializer(BackendException.class, new ProblemSerializer())
                    .addSerializer(Message.class, new MessageSerializer()))
            .build();
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--json", description = "Prints JSON, one value a line.")
    private boolean json;

    /** The value as JSON, or what the text writer writes of it. */
    public void print(Object value, Runnable text) {
        if (json) {
            out().println(json(value));
        } else {
            text.run();
        }
    }

    /** Each value as JSON on a line of its own, or all as a table. */
    public <T> void list(List<T> values, Table table) {
        if (json) {
            values.forEach(value -> out().println(json(value)));
        } else {
            table.print(out());
        }
    }

    /** A line for people; nothing with {@code --json}. */
    public void line(String text) {
        if (!json) {
            out().println(text);
        }
    }

    /** Characters as they are, seen at once; none with {@code --json}. */
    public void write(String characters) {
        if (!json && !characters.isEmpty()) {
            out().print(characters);
            out().flush();
        }
    }

    /** Whether a line may be written anew: standard output is a terminal. */
    public boolean redraws() {
        return !json && Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    }

    /** A time as tables show it; "-" = none. */
    public static String time(@Nullable Instant at) {
        return at == null ? "-" : TIME.format(at);
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException broken) {
            throw new IllegalStateException("json: " + value, broken);
        }
    }

    private static final class ProblemSerializer extends JsonSerializer<BackendException> {
        @Override
        public void serialize(BackendException problem, JsonGenerator json, SerializerProvider provider)
                throws IOException {
            json.writeStartObject();
            json.writeStringField("code", problem.code());
            json.writeStringField("detail", problem.detail());
            json.writeNumberField("status", problem.status());
            json.writeNumberField("retry_after_ms", problem.retryAfter().toMillis());
            json.writeEndObject();
        }
    }

    /** As the API writes it. */
    private static final class MessageSerializer extends JsonSerializer<Message> {
        @Override
        public void serialize(Message message, JsonGenerator json, SerializerProvider provider)
                throws IOException {
            json.writeRawValue(new String(JsonWriter.bytes(message), StandardCharsets.UTF_8));
        }
    }
}
