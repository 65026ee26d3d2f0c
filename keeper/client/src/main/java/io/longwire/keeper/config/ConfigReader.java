package io.longwire.keeper.config;

/** Makes a part's typed record from its configuration; every record has a static {@code read} of this shape. */
@FunctionalInterface
public interface ConfigReader<C> {
    /** Throws {@link ConfigException} for a value out of its rule. */
    C read(ConfigNode node);
}
