package io.longwire.demo.apk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipFile;

/** What a dex file of an APK defines and names; offsets as the format's description has them. */
final class Dex {
    private static final int MAGIC_BYTES = 8;
    private static final int MAP = 0x34;
    private static final int STRINGS = 0x3C;
    private static final int TYPES = 0x40;
    private static final int CLASSES = 0x60;
    private static final int CLASS_BYTES = 32;
    private static final int MAP_ITEM_BYTES = 12;

    private final byte[] bytes;
    private final ByteBuffer file;

    private Dex(byte[] bytes) {
        this.bytes = bytes;
        file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    static Dex of(Path apk) throws IOException {
        try (ZipFile zip = new ZipFile(apk.toFile())) {
            return new Dex(zip.getInputStream(Objects.requireNonNull(zip.getEntry("classes.dex"))).readAllBytes());
        }
    }

    /** {@code dex}, a line end, three digits of the version, a zero. */
    String magic() {
        return new String(bytes, 0, MAGIC_BYTES, StandardCharsets.US_ASCII);
    }

    /** Descriptors of all types that it names. */
    Set<String> types() {
        Set<String> types = new TreeSet<>();
        for (int i = 0; i < file.getInt(TYPES); i++) {
            types.add(type(i));
        }
        return types;
    }

    /** Descriptors of the classes that it defines. */
    Set<String> classes() {
        Set<String> classes = new TreeSet<>();
        for (int i = 0; i < file.getInt(CLASSES); i++) {
            classes.add(type(file.getInt(file.getInt(CLASSES + 4) + i * CLASS_BYTES)));
        }
        return classes;
    }

    /** The kinds of sections it has. */
    List<Integer> sections() {
        int map = file.getInt(MAP);
        List<Integer> kinds = new ArrayList<>();
        for (int i = 0; i < file.getInt(map); i++) {
            kinds.add((int) file.getShort(map + 4 + i * MAP_ITEM_BYTES));
        }
        return kinds;
    }

    private String type(int number) {
        int string = file.getInt(file.getInt(TYPES + 4) + 4 * number);
        int from = file.getInt(file.getInt(STRINGS) + 4 * string);
        while (bytes[from] < 0) { // its length, in groups of seven bits
            from++;
        }
        int to = ++from;
        while (bytes[to] != 0) {
            to++;
        }
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }
}
