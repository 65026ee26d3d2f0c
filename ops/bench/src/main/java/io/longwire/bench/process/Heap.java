package io.longwire.bench.process;

import io.longwire.keeper.service.StartFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What lives on the heap of another JVM, after a full collection.
 *
 * @param bytes of all objects
 * @param biggest the first lines of the histogram: rank, instances, bytes, class
 */
public record Heap(long bytes, List<String> biggest) {
    private static final int LINES = 80;

    /** Collects and counts; stops that JVM for as long. */
    public static Heap of(long pid) {
        var biggest = new ArrayList<String>();
        long total = 0;
        for (String line : Tool.run(Jvm.home("jcmd").toString(), Long.toString(pid), "GC.class_histogram")) {
            String[] fields = line.strip().split("\\s+", -1);
            if (fields.length >= 3 && fields[0].equals("Total")) {
                total = Long.parseLong(fields[2]);
            } else if (biggest.size() < LINES && fields.length >= 4 && fields[0].endsWith(":")
                    && Character.isDigit(fields[0].charAt(0))) {
                biggest.add(line.strip());
            }
        }
        if (total == 0) {
            throw new StartFailure("jcmd " + pid + ": no total (expected: a class histogram)",
                    new IOException("no histogram"));
        }
        return new Heap(total, biggest);
    }
}
