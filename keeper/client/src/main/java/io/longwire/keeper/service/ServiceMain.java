package io.longwire.keeper.service;

import io.longwire.keeper.config.ConfigReader;

/** Placeholder of this minute. */
final class ServiceMain {
    private ServiceMain() {
    }

    static <C> void run(String part, String[] args, ConfigReader<C> reader, Wiring<C> wiring) {
        throw new StartFailure(part + ": not built yet", null);
    }
}
