package io.longwire.keeper.agent.backend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Processes as the kernel shows them under /proc. Stateless. */
public final class Proc {
    private static final Path ROOT = Path.of("/proc");
    /** Clock ticks a second in what the kernel tells user space, on every Linux there is. */
    private static final long HERTZ = 100;
    private static final int PAGE_BYTES = 4096;

    private Proc() {
    }

    /**
     * One process at one moment.
     *
     * @param state R, S, D, T, Z ...
     * @param startTicks since boot; with the boot's id and the pid it is unique
     * @param cpuMillis user and system time
     */
    public record Seen(long pid, char state, long startTicks, long cpuMillis, long residentBytes) {
        /** One that has ended and waits to be collected does not run. */
        public boolean runs() {
            return state != 'Z' && state != 'X';
        }
    }

    /** Empty = there is none. */
    public static Optional<Seen> see(long pid) {
        try {
            String stat = Files.readString(ROOT.resolve(Long.toString(pid)).resolve("stat"),
                    StandardCharsets.ISO_8859_1);
            // The name in parentheses may hold anything, spaces and parentheses too.
            String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            long cpu = Long.parseLong(words[11]) + Long.parseLong(words[12]);
            return Optional.of(new Seen(pid, words[0].charAt(0), Long.parseLong(words[19]), cpu * 1000 / HERTZ,
                    Long.parseLong(words[21]) * PAGE_BYTES));
        } catch (IOException | UncheckedIOException | IndexOutOfBoundsException | NumberFormatException gone) {
            return Optional.empty();
        }
    }

    /** Changes with every boot, so that a pid of before is not taken for one of now. */
    public static String bootId() {
        try {
            return Files.readString(ROOT.resolve("sys/kernel/random/boot_id")).strip();
        } catch (IOException unknown) {
            return "unknown";
        }
    }

    /** The wall clock at a number of ticks since boot; 0 = unknown. */
    public static long wallMillis(long ticks) {
        try {
            for (String line : Files.readAllLines(ROOT.resolve("stat"), StandardCharsets.ISO_8859_1)) {
                if (line.startsWith("btime ")) {
                    return Long.parseLong(line.substring(6).strip()) * 1000 + ticks * 1000 / HERTZ;
                }
            }
        } catch (IOException | NumberFormatException unknown) {
            return 0;
        }
        return 0;
    }

    /** Files and sockets it has open; both 0 where we may not look. */
    public record Open(int files, int sockets) {
    }

    public static Open open(long pid) {
        int files = 0;
        int sockets = 0;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(ROOT.resolve(Long.toString(pid)).resolve("fd"))) {
            for (Path one : all) {
                files++;
                sockets += isSocket(one) ? 1 : 0;
            }
        } catch (IOException | java.nio.file.DirectoryIteratorException notOurs) {
            return new Open(files, sockets);
        }
        return new Open(files, sockets);
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }

    /** Processes of this one's user whose environment has this setting. */
    static List<Long> withSetting(String name, String value) {
        var found = new ArrayList<Long>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(ROOT, "[0-9]*")) {
            for (Path one : all) {
                long pid = Long.parseLong(String.valueOf(one.getFileName()));
                if (setting(pid, name).filter(value::equals).isPresent() && isOfThisUser(one)) {
                    found.add(pid);
                }
            }
        } catch (IOException | java.nio.file.DirectoryIteratorException unreadable) {
            return found;
        }
        return found;
    }

    private static boolean isOfThisUser(Path process) throws IOException {
        try {
            return Files.getAttribute(process, "unix:uid").equals(Files.getAttribute(ROOT.resolve("self"), "unix:uid"));
        } catch (java.nio.file.NoSuchFileException gone) {
            return false;
        }
    }

    /** What its environment was given for this name; empty = nothing, or we may not look. */
    static Optional<String> setting(long pid, String name) {
        return words(pid, "environ").stream().filter(word -> word.startsWith(name + '=')).findFirst()
                .map(word -> word.substring(name.length() + 1));
    }

    /** Its program and arguments; empty = it is gone, or we may not look. */
    static List<String> commandLine(long pid) {
        return words(pid, "cmdline");
    }

    private static List<String> words(long pid, String file) {
        try {
            return List.of(Files.readString(ROOT.resolve(Long.toString(pid)).resolve(file),
                    StandardCharsets.ISO_8859_1).split("\0", -1));
        } catch (IOException notOursOrGone) {
            return List.of();
        }
    }
}
