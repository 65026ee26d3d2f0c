package io.longwire.keeper.profile;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import io.longwire.rpc.process.ThreadsReply;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** All threads with their stacks, virtual ones included; cut at 3 MiB. */
final class ThreadDump {
    private static final int MOST_BYTES = 3 << 20;

    private ThreadDump() {
    }

    /** @param directory where the JVM may write it, for a moment */
    static ThreadsReply take(Path directory) throws IOException {
        Path place = Files.createTempDirectory(Files.createDirectories(directory), "threads-");
        Path file = place.resolve("threads.txt").toAbsolutePath();
        try {
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpThreads(file.toString(),
                    ThreadDumpFormat.TEXT_PLAIN);
            return reply(file);
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(place);
        }
    }

    private static ThreadsReply reply(Path file) throws IOException {
        byte[] bytes;
        try (var in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MOST_BYTES);
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        var reply = ThreadsReply.newBuilder().setText(bytes.length < MOST_BYTES ? text : text + "\n... cut\n");
        int virtual = 0;
        int platform = 0;
        for (String line : text.lines().toList()) {
            if (line.startsWith("#")) {
                boolean isVirtual = line.substring(line.lastIndexOf('"') + 1).contains("virtual");
                virtual += isVirtual ? 1 : 0;
                platform += isVirtual ? 0 : 1;
            }
        }
        return reply.setPlatform(platform).setVirtual(virtual).addAllDeadlocked(deadlocked()).build();
    }

    private static Iterable<String> deadlocked() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long[] ids = threads.findDeadlockedThreads();
        var names = new java.util.ArrayList<String>();
        if (ids != null) {
            for (ThreadInfo thread : threads.getThreadInfo(ids)) {
                if (thread != null) {
                    names.add(thread.getThreadName());
                }
            }
        }
        return names;
    }
}
