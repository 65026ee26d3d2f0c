package io.longwire.saver.due;

import io.longwire.keeper.config.ConfigNode;

/**
 * How fast what is due is looked at.
 *
 * @param perSlot entries of a slot that are taken each time it is looked at, every 5 s
 * @param atOnce looks under way; while there are so many, no further slot is begun
 */
public record DueConfig(int perSlot, int atOnce) {
    public static DueConfig read(ConfigNode node) {
        node.about("""
                perSlot hot entries of a slot that are taken each time it is looked at, every 5 s
                atOnce  hot looks under way; while there are so many, no further slot is begun
                """);
        return new DueConfig(node.integer("perSlot", 200, 1, 10_000), node.integer("atOnce", 2_000, 1, 100_000));
    }
}
