package io.longwire.keeper.service;

import java.util.HashMap;
import java.util.Map;

/** What an agent tells a process it starts, in its environment; the process says it on as a member. */
final class StartedBy {
    /** The agent's host, a slash, the process's name there. */
    static final String PROCESS = "LONGWIRE_PROCESS";
    static final String VERSION = "LONGWIRE_VERSION";

    private StartedBy() {
    }

    /** Attributes of the member: process and version, where there are any; its process id. */
    static Map<String, String> attributes(Map<String, String> environment) {
        var attributes = new HashMap<String, String>();
        attributes.put("pid", Long.toString(ProcessHandle.current().pid()));
        put(attributes, "process", environment.get(PROCESS));
        put(attributes, "version", environment.get(VERSION));
        return attributes;
    }

    private static void put(Map<String, String> attributes, String key,
            @org.jspecify.annotations.Nullable String text) {
        if (text != null && !text.isEmpty() && text.length() <= 200) {
            attributes.put(key, text);
        }
    }
}
