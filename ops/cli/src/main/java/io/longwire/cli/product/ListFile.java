package io.longwire.cli.product;

import io.longwire.center.client.AudienceList.BadLine;
import io.longwire.cli.terminal.WrongUsage;
import io.longwire.device.id.EndpointId;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A file with an endpoint on each line. Empty lines and those that begin with # are skipped. It is read through each
 * time and never held: no more than {@value #LINE_BYTES} bytes of a line are, so no file is too strange.
 */
final class ListFile {
    /** Bad lines that are told of. */
    static final int SHOWN = 20;

    private static final int LINE_BYTES = 96;
    private static final int VALUE_CHARS = 64;
    private static final byte CUT = '~'; // ends what was longer, so that it is no endpoint
    private static final int BUFFER = 1 << 16;

    private final Path file;

    ListFile(Path file) {
        this.file = file;
    }

    /**
     * What is in it.
     *
     * @param lines all of them
     * @param endpoints lines that could be endpoints
     * @param bad lines that are none
     * @param badLines the first of them
     */
    record Content(long lines, long endpoints, long bad, List<BadLine> badLines) {
        Content {
            badLines = List.copyOf(badLines);
        }
    }

    /** Gets each line, with its number from 1; what is to be skipped is empty. */
    interface Sink {
        void line(long number, String text);
    }

    /** Looks through it. Throws {@link WrongUsage} if it cannot be read. */
    Content check() {
        var counting = new Counting();
        read(counting);
        return new Content(counting.lines, counting.endpoints, counting.bad, counting.badLines);
    }

    private static final class Counting implements Sink {
        private long lines;
        private long endpoints;
        private long bad;
        private final List<BadLine> badLines = new ArrayList<>();

        @Override
        public void line(long number, String text) {
            lines = number;
            if (text.isEmpty()) {
                return;
            }
            if (EndpointId.hasShape(text)) {
                endpoints++;
                return;
            }
            bad++;
            if (badLines.size() < SHOWN) {
                String cut = text.length() > VALUE_CHARS ? text.substring(0, VALUE_CHARS) : text;
                badLines.add(new BadLine(number, cut.replaceAll("\\p{Cntrl}", "?"),
                        "ep_ and 20 characters of Crockford base 32"));
            }
        }
    }

    /** Reads it to its end. */
    void read(Sink sink) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER)) {
            var line = new byte[LINE_BYTES];
            int length = 0;
            long number = 1;
            boolean any = false;
            for (int next = in.read(); next >= 0; next = in.read()) {
                any = next != '\n';
                if (next == '\n') {
                    sink.line(number++, text(line, length));
                    length = 0;
                } else if (length < LINE_BYTES) {
                    line[length++] = (byte) next;
                } else {
                    line[LINE_BYTES - 1] = CUT;
                }
            }
            if (any) {
                sink.line(number, text(line, length));
            }
        } catch (IOException unreadable) {
            throw new WrongUsage("FILE: " + file + " (expected: a file that can be read)");
        }
    }

    private static String text(byte[] line, int length) {
        String text = new String(line, 0, length, StandardCharsets.UTF_8).strip();
        return text.startsWith("#") ? "" : text;
    }
}
