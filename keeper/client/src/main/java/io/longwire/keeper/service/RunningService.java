package io.longwire.keeper.service;

import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.config.ConfigReader;

/** Placeholder of this minute. */
final class RunningService {
    private RunningService() {
    }

    static <C> Service start(String part, ConfigNode root, ConfigReader<C> reader, Wiring<C> wiring,
            HaltPoints halts) {
        if (part.isEmpty()) {
            return (Service) wiring;
        }
        throw new StartFailure(part + ": not built yet", null);
    }
}
