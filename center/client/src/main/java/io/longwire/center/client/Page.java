package io.longwire.center.client;

import java.util.List;

/**
 * A part of a list.
 *
 * @param cursor asks for the next part; empty = this is the last
 */
public record Page<T>(List<T> items, String cursor) {
    public boolean last() {
        return cursor.isEmpty();
    }
}
