package io.longwire.keeper.service;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The checks of a service and what it is doing: starting, serving, draining. Thread-safe. */
final class Health {
    private final Map<String, Supplier<Optional<String>>> checks = new LinkedHashMap<>(); // guarded by itself
    private volatile String phase = "starting";

    /** @param findings what is wrong, by check; an empty text = fine */
    record Report(String phase, Map<String, String> findings) {
        boolean fine() {
            return phase.equals("serving") && findings.values().stream().allMatch(String::isEmpty);
        }
    }

    void add(String name, Supplier<Optional<String>> check) {
        synchronized (checks) {
            checks.put(name, check);
        }
    }

    void phase(String now) {
        phase = now;
    }

    Report report() {
        Map<String, Supplier<Optional<String>>> all;
        synchronized (checks) {
            all = new LinkedHashMap<>(checks);
        }
        var findings = new LinkedHashMap<String, String>();
        all.forEach((name, check) -> findings.put(name, ask(check)));
        return new Report(phase, findings);
    }

    private static String ask(Supplier<Optional<String>> check) {
        try {
            return check.get().orElse("");
        } catch (RuntimeException bug) {
            return "the check itself failed: " + bug;
        }
    }
}
