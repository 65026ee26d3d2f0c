package io.longwire.e2e.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The page of the SDK's parameters is true as far as it can be read: each row has one of the three verdicts, what is
 * adopted or adopted otherwise names a test, and tests and constants that are named are in the sources.
 */
final class ParametersTest {
    private static final Path ROOT = Path.of(System.getProperty("longwire.root", "../..")).toAbsolutePath().normalize();
    private static final String PAGE = "sdk-parameters.md";
    private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w*)\\.(\\w+)`");
    private static final Pattern VERDICT = Pattern.compile("adopted|otherwise: .+|no: .+");
    private static final int COLUMNS = 4;
    private static final int ROWS_MIN = 100;

    private static final Set<String> NOT_OURS = Set.of("target", "build", "node_modules");

    private final List<Path> sources = sources();

    @Test
    void everyRowHasAVerdictAndWhatIsAdoptedHasATest() throws IOException {
        List<List<String>> rows = rows();
        assertThat(rows).hasSizeGreaterThan(ROWS_MIN);
        for (List<String> row : rows) {
            assertThat(row).hasSize(COLUMNS);
            assertThat(row.get(1)).as("%s", row).matches(VERDICT);
            assertThat(testsOf(row).isEmpty()).as("%s: a test, if and only if it is adopted", row)
                    .isEqualTo(row.get(1).startsWith("no: "));
        }
    }

    @Test
    void everyTestAndConstantThatIsNamedIsThere() throws IOException {
        var missing = new TreeSet<String>();
        Matcher named = NAMED.matcher(Files.readString(page()));
        while (named.find()) {
            if (!isThere(named.group(1), named.group(2))) {
                missing.add(named.group(1) + "." + named.group(2));
            }
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void aTestThatIsNotThereWouldBeSeen() throws IOException {
        assertThat(isThere("ParametersTest", "aTestThatIsNotThereWouldBeSeen")).isTrue();
        assertThat(isThere("ParametersTest", "aTestThatIsNotThere")).isFalse();
        assertThat(isThere("NobodysTest", "anything")).isFalse();
    }

    private static Path page() {
        return ROOT.resolve("docs").resolve(PAGE);
    }

    /** The rows of all tables, without their heads. */
    private static List<List<String>> rows() throws IOException {
        var rows = new ArrayList<List<String>>();
        boolean head = true;
        for (String line : Files.readAllLines(page())) {
            if (!line.startsWith("|")) {
                head = true;
            } else if (line.startsWith("|---")) {
                head = false;
            } else if (!head) {
                rows.add(List.of(line.substring(1, line.length() - 1).strip().split("\\s*\\|\\s*", -1)));
            }
        }
        return rows;
    }

    private static List<String> testsOf(List<String> row) {
        var tests = new ArrayList<String>();
        Matcher named = NAMED.matcher(row.get(COLUMNS - 1));
        while (named.find()) {
            if (isTest(named.group(1))) {
                tests.add(named.group());
            }
        }
        return tests;
    }

    private static boolean isTest(String type) {
        return type.endsWith("Test") || type.endsWith("IT");
    }

    private boolean isThere(String type, String member) throws IOException {
        Pattern text = Pattern.compile(isTest(type) ? "void " + member + "\\(" : "\\b" + member + "\\b");
        for (Path source : sources) {
            if (source.getFileName().toString().equals(type + ".java")
                    && text.matcher(Files.readString(source)).find()) {
                return true;
            }
        }
        return false;
    }

    private static List<Path> sources() {
        var found = new ArrayList<Path>();
        try {
            Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                    String name = directory.getFileName().toString();
                    return NOT_OURS.contains(name) || name.startsWith(".")
                            ? FileVisitResult.SKIP_SUBTREE
                            : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (file.toString().endsWith(".java")) {
                        found.add(file);
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return found;
    }
}
