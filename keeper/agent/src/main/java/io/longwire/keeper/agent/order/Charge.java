package io.longwire.keeper.agent.order;

import io.longwire.keeper.agent.backend.ProcessSpec;
import io.longwire.keeper.agent.version.Refusal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The processes of this host, and which of them is being changed, by what. Thread-safe. */
public final class Charge {
    private final Map<String, ProcessSpec> specs = new LinkedHashMap<>();
    private final Map<String, Verb> underWay = new ConcurrentHashMap<>();

    public Charge(List<ProcessSpec> all) {
        all.forEach(spec -> specs.put(spec.name(), spec));
    }

    public List<ProcessSpec> all() {
        return List.copyOf(specs.values());
    }

    /** Throws {@link Refusal} for a name of nobody. */
    ProcessSpec find(String name) {
        ProcessSpec spec = specs.get(name);
        if (spec == null) {
            throw Refusal.wrong("process: " + Known.shown(name) + " (expected: one of " + specs.keySet() + ")");
        }
        return spec;
    }

    /** Claims it; whoever got it gives it back by {@link #done}. Throws {@link Refusal} while another has it. */
    void claim(ProcessSpec spec, Verb verb) {
        Verb other = underWay.putIfAbsent(spec.name(), verb);
        if (other != null) {
            throw Refusal.notNow(spec.name() + ": " + other.word() + " is under way (expected: one order at a time)");
        }
    }

    void done(ProcessSpec spec) {
        underWay.remove(spec.name());
    }

    Optional<Verb> underWay(ProcessSpec spec) {
        return Optional.ofNullable(underWay.get(spec.name()));
    }
}
