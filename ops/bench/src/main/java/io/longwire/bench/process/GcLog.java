package io.longwire.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The pauses in a log of -Xlog:gc, from a moment on. Used by one thread. */
public final class GcLog {
    private static final Pattern PAUSE = Pattern.compile("Pause (?!Full \\(Diagnostic|Full \\(Heap Inspection).* "
            + "([0-9.]+)ms$");

    private final Path file;
    private int skip;

    public GcLog(Path file) {
        this.file = file;
    }

    /** Forgets what is in the log so far. */
    public void mark() {
        skip = lines().size();
    }

    /** Pauses since the mark. */
    public record Pauses(int count, double longestMillis, double sumMillis) {
    }

    /** Those of the application's own; a heap histogram's collection does not count. */
    public Pauses pauses() {
        int count = 0;
        double longest = 0;
        double sum = 0;
        List<String> lines = lines();
        for (String line : lines.subList(Math.min(skip, lines.size()), lines.size())) {
            Matcher pause = PAUSE.matcher(line);
            if (pause.find()) {
                double millis = Double.parseDouble(pause.group(1));
                count++;
                sum += millis;
                longest = Math.max(longest, millis);
            }
        }
        return new Pauses(count, longest, sum);
    }

    private List<String> lines() {
        try {
            return Files.readAllLines(file);
        } catch (IOException none) {
            return List.of();
        }
    }
}
