package io.longwire.keeper.service;

import io.longwire.keeper.config.ConfigException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Named places at which a test makes the process die as {@code kill -9} would ({@code --halt-at center.stored:3} = at
 * the
 * third passage). Refused unless LONGWIRE_TEST=1. Passing an unarmed point costs one field read.
 */
public final class HaltPoints {
    private static final HaltPoints NONE = new HaltPoints(Map.of());

    private final Map<String, AtomicInteger> left;
    private final boolean armed;

    private HaltPoints(Map<String, AtomicInteger> left) {
        this.left = left;
        this.armed = !left.isEmpty();
    }

    public static HaltPoints none() {
        return NONE;
    }

    /** @param points "name" or "name:passage" each */
    public static HaltPoints armed(List<String> points) {
        if (points.isEmpty()) {
            return NONE;
        }
        if (!"1".equals(System.getenv("LONGWIRE_TEST"))) {
            throw new ConfigException("--halt-at: " + points + " (expected: LONGWIRE_TEST=1 in the environment)");
        }
        var left = new ConcurrentHashMap<String, AtomicInteger>();
        for (String point : points) {
            int colon = point.indexOf(':');
            String name = colon < 0 ? point : point.substring(0, colon);
            left.put(name, new AtomicInteger(colon < 0 ? 1 : Integer.parseInt(point.substring(colon + 1))));
        }
        return new HaltPoints(left);
    }

    /** Dies here, without any shutdown, if this is the passage the test named. */
    public void pass(String name) {
        if (armed) {
            AtomicInteger count = left.get(name);
            if (count != null && count.decrementAndGet() == 0) {
                Runtime.getRuntime().halt(137);
            }
        }
    }
}
