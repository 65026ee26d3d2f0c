package io.longwire.sdk.android;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** What docs/android.md tells developers to write is Java that the library understands, and says all of its keys. */
class DocumentedCodeTest {
    private static final Path ROOT = Path.of(System.getProperty("longwire.root", "../.."));
    private static final String IMPORTS = """
            import android.app.Application;
            import android.app.Notification;
            import io.longwire.sdk.*;
            import io.longwire.sdk.android.*;
            import java.nio.charset.StandardCharsets;
            """;
    /** The app's own, which the page takes for granted. */
    private static final String RESOURCES = "final class R {"
            + " static final class drawable { static final int ic_news = 1; } }";
    @TempDir
    Path directory;

    @Test
    void everyJavaSnippetCompiles() throws IOException {
        List<String> snippets = snippets();
        assertThat(snippets).hasSizeGreaterThanOrEqualTo(2);
        String module = Files.readString(ROOT.resolve(
                "sdk-android/tink/src/main/java/io/longwire/sdk/tink/TinkPayloadCipher.java"));
        assertThat(module).contains("public final class TinkPayloadCipher implements PayloadCipher");
        assertThat(errors(IMPORTS + "class Wrong { void f() {"
                + " Longwire.start(1); } }")).as("a wrong one does not").isNotEmpty();

        for (String snippet : snippets) {
            boolean whole = snippet.contains("class ");
            String text = snippet.replace("new TinkPayloadCipher()", "cipher()");
            String code = whole
                    ? text
                    : "abstract class Snippet extends Application { MessageListener messages;"
                            + " ConnectionListener connection; abstract io.longwire.sdk.seal.PayloadCipher cipher();"
                            + " void f() { " + text + " } }";
            assertThat(errors(IMPORTS + code.replace("public final", "final")
                    + RESOURCES)).as(snippet).isEmpty();
        }
    }

    @Test
    void everyKeyOfTheManifestIsInThePageAndInTheSettings() throws IOException {
        String page = Files.readString(ROOT.resolve("docs/android.md"));
        String table = page.substring(page.indexOf("## All of the manifest"));
        Set<String> listed = new TreeSet<>();
        for (String line : table.split("\n", -1)) {
            if (line.startsWith("| `")) {
                Matcher keys = Pattern.compile("`([a-z_]+)`").matcher(line.split("\\|", -1)[1]);
                while (keys.find()) {
                    listed.add(keys.group(1));
                }
            }
        }
        String settings = Files.readString(ROOT.resolve(
                "sdk-android/android/src/main/java/io/longwire/sdk/android/config/Settings.java"));
        Set<String> read = new TreeSet<>();
        Matcher keys = Pattern.compile("^ \\* io\\.longwire\\.([a-z_]+) ", Pattern.MULTILINE).matcher(settings);
        while (keys.find()) {
            read.add(keys.group(1));
            assertThat(settings).contains("\"" + keys.group(1) + "\"");
        }
        assertThat(listed).isEqualTo(read).hasSizeGreaterThan(8);
    }

    private static List<String> snippets() throws IOException {
        List<String> found = new ArrayList<>();
        Matcher blocks = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(ROOT.resolve("docs/android.md")));
        while (blocks.find()) {
            found.add(blocks.group(1));
        }
        return found;
    }

    private List<String> errors(String code) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> told = new DiagnosticCollector<>();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        try (StandardJavaFileManager files = compiler.getStandardFileManager(told, Locale.ROOT, null)) {
            compiler.getTask(null, files, told,
                    List.of("-d", directory.toString(), "-cp", classPath, "-proc:none", "--release", "11"), null,
                    List.of(new Source(code))).call();
        }
        List<String> errors = new ArrayList<>();
        for (Diagnostic<? extends JavaFileObject> one : told.getDiagnostics()) {
            if (one.getKind() == Diagnostic.Kind.ERROR) {
                errors.add(one.getMessage(Locale.ROOT));
            }
        }
        return errors;
    }

    /** A text that is a file to the compiler. */
    private static final class Source extends SimpleJavaFileObject {
        private final String code;

        Source(String code) {
            super(URI.create("string:///Documented.java"), Kind.SOURCE);
            this.code = code;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return code;
        }
    }
}
