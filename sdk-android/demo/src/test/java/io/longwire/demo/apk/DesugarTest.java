package io.longwire.demo.apk;

import io.longwire.sdk.android.TestPhone;
import io.longwire.sdk.android.TestPlatform;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * The classes as they go into the APKs, run here: a JVM holds class files of Java 8 to the rules that a phone has, so
 * what is private is private.
 */
class DesugarTest {
    @TempDir
    File directory;

    @Test
    void everyShapeSaysTheSameAsBefore() throws Exception {
        SortedMap<String, byte[]> shapes = named(Shapes.class);
        assertThat(Remnants.in(shapes)).isNotEmpty();
        SortedMap<String, byte[]> made = Desugar.all(shapes);

        assertThat(Remnants.in(made)).isEmpty();
        assertThat(call(made, Shapes.class, "all")).isEqualTo(Shapes.all());
    }

    @Test
    void theWholeSdkCanBeRunByAPhone() throws Exception {
        SortedMap<String, byte[]> sdk = ApkBuild.sdk();
        assertThat(Remnants.in(sdk)).isNotEmpty();

        assertThat(Remnants.in(Desugar.all(sdk))).isEmpty();
    }

    @Test
    void allOfItPassesAVerifier() throws Exception {
        SortedMap<String, byte[]> made = Desugar.all(ApkBuild.sdk());
        ClassLoader loader = new Loader(made);
        int seen = 0;
        for (String name : made.keySet()) {
            if (!name.startsWith("io/longwire/sdk/android/") && !name.startsWith("io/longwire/demo/")) {
                Class.forName(name.replace('/', '.'), true, loader);
                seen++;
            }
        }
        assertThat(seen).isGreaterThan(800);
    }

    @Test
    void theSdkOfTheApksConnectsSendsAndReceives() throws Exception {
        live(Desugar.all(journey()));
    }

    @Test
    void soItDoesWhenItIsShrunkByTheLibrarysRules() throws Exception {
        SortedMap<String, byte[]> whole = Desugar.all(journey());
        SortedMap<String, byte[]> shrunk = new Shrink(directory.toPath(), ApkBuild.rules(Path.of("")))
                .keeping(List.of(Journey.class.getName()), whole);
        assertThat(bytes(shrunk)).isLessThan(bytes(whole) / 2);
        assertThat(Remnants.in(shrunk)).isEmpty();

        live(shrunk);
    }

    @Test
    void rulesThatCannotBeReadFailTheBuild() throws Exception {
        Path rules = Files.writeString(directory.toPath().resolve("rules.txt"), "-kep class *");
        assertThatThrownBy(() -> new Shrink(directory.toPath(), rules)
                .keeping(List.of(Shapes.class.getName()), Desugar.all(named(Shapes.class))))
                .isInstanceOf(BuildFailure.class).hasMessageContaining("-kep").hasMessageContaining("(expected: ");
    }

    private static SortedMap<String, byte[]> journey() throws IOException {
        SortedMap<String, byte[]> all = ApkBuild.sdk();
        all.putAll(named(Journey.class));
        return all;
    }

    private static long bytes(Map<String, byte[]> classes) {
        return classes.values().stream().mapToLong(one -> one.length).sum();
    }

    private void live(Map<String, byte[]> made) throws Exception {
        ExecutorService phone = Executors.newSingleThreadExecutor();
        try (TestPlatform platform = new TestPlatform()) {
            Future<Object> day = phone.submit(() -> call(made, Journey.class, "run", platform.url(), TestPhone.APP_7,
                    directory));
            platform.line().push(7, "hello");

            assertThat(day.get(60, TimeUnit.SECONDS)).isEqualTo("true DURABLE hello");
            assertThat(platform.ack().getUptoSeq()).isEqualTo(1);
        } finally {
            phone.shutdownNow();
        }
    }

    /** The class and those within it. */
    private static SortedMap<String, byte[]> named(Class<?> type) throws IOException {
        Path home = ClassFiles.home(type);
        String name = type.getName().replace('.', '/');
        SortedMap<String, byte[]> found = new TreeMap<>(ClassFiles.read(home));
        found.keySet().removeIf(one -> !one.equals(name) && !one.startsWith(name + "$"));
        return found;
    }

    private static Object call(Map<String, byte[]> classes, Class<?> type, String name, Object... arguments)
            throws ReflectiveOperationException {
        for (Method one : new Loader(classes).loadClass(type.getName()).getDeclaredMethods()) {
            if (one.getName().equals(name)) {
                one.setAccessible(true);
                return one.invoke(null, arguments);
            }
        }
        throw new AssertionError("no " + name + " in " + type);
    }

    /** Nothing but these classes and the JVM's own. */
    private static final class Loader extends ClassLoader {
        private final Map<String, byte[]> classes;

        Loader(Map<String, byte[]> classes) {
            super(ClassLoader.getPlatformClassLoader());
            this.classes = classes;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] bytes = classes.get(name.replace('.', '/'));
            if (bytes == null) {
                throw new ClassNotFoundException(name);
            }
            return defineClass(name, bytes, 0, bytes.length);
        }
    }
}
