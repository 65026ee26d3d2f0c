package io.longwire.keeper.profile;

import io.longwire.rpc.process.HeapClass;
import io.longwire.rpc.process.HeapReply;
import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;

/** Live objects by class, as the JVM counts them after a full collection. */
final class HeapHistogram {
    private static final int USUAL = 100;
    private static final int MOST = 1_000;
    private static final String COMMANDS = "com.sun.management:type=DiagnosticCommand";

    private HeapHistogram() {
    }

    /** Pauses the process for a full collection. Throws BadRequest. */
    static HeapReply take(int limit) {
        if (limit < 0 || limit > MOST) {
            throw new BadRequest("limit: " + limit + " (expected: 1 to " + MOST + ", or 0 for " + USUAL + ")");
        }
        try {
            Object text = ManagementFactory.getPlatformMBeanServer().invoke(new ObjectName(COMMANDS),
                    "gcClassHistogram", new Object[]{new String[0]}, new String[]{String[].class.getName()});
            return read(String.valueOf(text), limit == 0 ? USUAL : limit);
        } catch (JMException refused) {
            throw new IllegalStateException("heap: no histogram (expected: a HotSpot JVM)", refused);
        }
    }

    // "   1:   123456   7890123  [B (java.base@25)", and a last line "Total   123   456".
    static HeapReply read(String text, int limit) {
        var reply = HeapReply.newBuilder();
        int classes = 0;
        for (String line : text.lines().toList()) {
            String[] words = line.strip().split("\\s+", -1);
            if (words.length >= 4 && words[0].matches("\\d+:")) {
                classes++;
                if (classes <= limit) {
                    reply.addClasses(HeapClass.newBuilder().setInstances(Long.parseLong(words[1]))
                            .setBytes(Long.parseLong(words[2])).setName(words[3]));
                }
            } else if (words.length == 3 && words[0].equals("Total")) {
                reply.setInstances(Long.parseLong(words[1])).setBytes(Long.parseLong(words[2]));
            }
        }
        return reply.setClassCount(classes).build();
    }
}
