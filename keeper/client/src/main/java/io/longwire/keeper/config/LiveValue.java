package io.longwire.keeper.config;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A value that its owner replaces. Reading is a volatile read; the owner tells the listeners on its own thread. */
public final class LiveValue<T> implements Live<T> {
    private final List<Consumer<? super T>> listeners = new CopyOnWriteArrayList<>();
    private volatile T value;

    public LiveValue(T value) {
        this.value = value;
    }

    @Override
    public T get() {
        return value;
    }

    @Override
    public void onChange(Consumer<? super T> listener) {
        listeners.add(listener);
    }

    /** Replaces the value and tells the listeners, unless it equals the one before. Owner's thread. */
    public void set(T fresh) {
        if (!fresh.equals(value)) {
            value = fresh;
            listeners.forEach(listener -> listener.accept(fresh));
        }
    }
}
