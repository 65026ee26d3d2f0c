package io.longwire.keeper.config;

import java.util.function.Consumer;

/**
 * A part of the configuration that may change while the process runs. {@link #get} is a volatile read and never blocks.
 */
public interface Live<T> {
    T get();

    /** Calls the listener after each change, on the configuration's own thread. */
    void onChange(Consumer<? super T> listener);

    /** A value that never changes. */
    static <T> Live<T> fixed(T value) {
        return new Live<>() {
            @Override
            public T get() {
                return value;
            }

            @Override
            public void onChange(Consumer<? super T> listener) {
                // it never does
            }
        };
    }
}
