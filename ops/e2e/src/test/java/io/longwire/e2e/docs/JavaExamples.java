package io.longwire.e2e.docs;

import io.longwire.center.client.LongwireBackend;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;

import static org.assertj.core.api.Assertions.assertThat;

/** Compiles the Java of an example as the body of a method, for the release the client promises, and runs it. */
final class JavaExamples {
    private static final String FRAME = """
            import io.longwire.center.client.*;
            import io.longwire.center.client.call.*;
            import java.nio.file.*;
            import java.time.*;
            import java.util.*;

            public final class NAME {
                public static void run(java.io.PrintWriter out, Map<String, String> env, LongwireBackend push)
                        throws Exception {
                    new NAME().run(out, env.get("API"), env.get("KEY"), env.get("ENDPOINT"), env.get("AWAY"),
                            Path.of(env.get("CURSOR_FILE")), push);
                }

                private java.io.PrintWriter out;

                private void print(Object text) {
                    out.print(text);
                }

                void run(java.io.PrintWriter out, String api, String key, String endpoint, String away,
                        Path cursorFile, LongwireBackend PUSH) throws Exception {
                    this.out = out;
            BODY
                }
            }
            """;

    private final Path place;
    private final Map<String, String> variables;
    private final LongwireBackend push;

    JavaExamples(Path place, Map<String, String> variables, LongwireBackend push) {
        this.place = place;
        this.variables = variables;
        this.push = push;
    }

    String run(Example example) throws Exception {
        String name = "Example" + example.line();
        // An example that makes `push` itself must end it, too; and may not find it already there.
        boolean own = example.text().contains("LongwireBackend push =");
        String body = own
                ? example.text() + "push.endpoints().state(endpoint).await();\npush.close();"
                : example.text();
        compile(name, FRAME.replace("NAME", name).replace("PUSH", own ? "unused" : "push").replace("BODY", body));
        var out = new StringWriter();
        try (var classes = new URLClassLoader(new URL[]{URI.create(place.toUri().toString()).toURL()})) {
            classes.loadClass(name).getMethod("run", PrintWriter.class, Map.class, LongwireBackend.class)
                    .invoke(null, new PrintWriter(out, true), variables, push);
        } catch (InvocationTargetException failed) {
            throw new AssertionError(example + " printed: " + out + " and failed", failed.getCause());
        }
        return out.toString();
    }

    private void compile(String name, String source) throws Exception {
        Path file = Files.writeString(place.resolve(name + ".java"), source);
        var compiler = ToolProvider.getSystemJavaCompiler();
        var told = new StringWriter();
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            boolean right = compiler.getTask(told, files, null,
                    List.of("-d", place.toString(), "--release", "17", "-proc:none", "-cp",
                            System.getProperty("java.class.path")),
                    null, files.getJavaFileObjects(file)).call();
            assertThat(right).as("compiles: %s", told).isTrue();
        }
    }
}
