package io.longwire.keeper.profile;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sampler of this JVM, loaded when it is first needed. Thread-safe. */
final class Engine {
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

    private final Path directory;
    private @Nullable Sampler sampler; // guarded by this

    /** @param directory where its library is unpacked */
    Engine(Path directory) {
        this.directory = directory;
    }

    /** One that need not be loaded. */
    Engine(Sampler known) {
        this.directory = Path.of("");
        this.sampler = known;
    }

    synchronized Sampler get() {
        Sampler known = sampler;
        if (known == null) {
            known = AsyncSampler.load(directory).orElseGet(JfrSampler::new);
            sampler = known;
            LOG.info("profiles are taken by {}", known.name());
        }
        return known;
    }
}
