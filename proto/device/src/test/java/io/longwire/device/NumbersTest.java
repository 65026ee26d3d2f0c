package io.longwire.device;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The numbers of codes and frames: each once, each with its name, each in the pages that products read. */
class NumbersTest {
    @Test
    void namesEveryCodeAndGivesEachNumberOnce() throws IllegalAccessException {
        Map<Integer, String> codes = constants(Code.class);

        assertThat(codes).hasSize(publicInts(Code.class));
        codes.forEach((number, name) -> assertThat(Code.name(number)).isEqualTo(name));
        assertThat(Code.name(63)).isEqualTo("UNKNOWN");
    }

    @Test
    void tellsByTheRangeWhetherTryingAgainHelps() {
        assertThat(Code.isRetryable(Code.OK)).isTrue();
        assertThat(Code.isRetryable(Code.BUSY)).isTrue();
        assertThat(Code.isRetryable(63)).isTrue();
        assertThat(Code.isRetryable(64)).isFalse();
        assertThat(Code.isRetryable(Code.GONE)).isFalse();
        assertThat(Code.isRetryable(-1)).isFalse();
    }

    @Test
    void documentsEveryCode() throws IOException, IllegalAccessException {
        String page = Files.readString(docs().resolve("errors.md"));

        constants(Code.class)
                .forEach((number, name) -> assertThat(page).contains("| " + number + " | `" + name + "` |"));
    }

    @Test
    void namesAndDocumentsEveryFrame() throws IOException, IllegalAccessException {
        String page = Files.readString(docs().resolve("protocol.md"));
        Map<Integer, String> types = constants(FrameType.class);
        types.remove(FrameType.IGNORABLE);
        types.remove(FrameType.RESERVED);

        assertThat(types).hasSize(21);
        types.forEach((type, name) -> {
            assertThat(FrameType.name(type)).isEqualTo(name);
            assertThat(FrameType.isKnown(type)).isTrue();
            assertThat(page).contains(String.format("| %02X | %s |", type, name));
        });
    }

    @Test
    void keepsIgnorableAndMandatoryTypesApart() {
        assertThat(FrameType.isIgnorable(FrameType.CONFIG)).isTrue();
        assertThat(FrameType.isIgnorable(FrameType.CONNECT)).isFalse();
        assertThat(FrameType.isKnown(0x20 | FrameType.PING)).isFalse();
        assertThat(FrameType.isKnown(0)).isFalse();
        assertThat(FrameType.isKnown(64 + FrameType.PING)).isFalse();
    }

    private static Path docs() {
        return Path.of(System.getProperty("longwire.root", "../.."), "docs");
    }

    private static Map<Integer, String> constants(Class<?> type) throws IllegalAccessException {
        Map<Integer, String> constants = new TreeMap<>();
        for (Field field : type.getDeclaredFields()) {
            if (isPublicInt(field)) {
                constants.put(field.getInt(null), field.getName());
            }
        }
        return constants;
    }

    private static int publicInts(Class<?> type) {
        int count = 0;
        for (Field field : type.getDeclaredFields()) {
            count += isPublicInt(field) ? 1 : 0;
        }
        return count;
    }

    private static boolean isPublicInt(Field field) {
        return field.getType() == int.class && Modifier.isPublic(field.getModifiers());
    }
}
