package io.longwire.keeper.service;

/** Puts the parts of a service together, on one screen. The same one serves the process and the one-JVM platform. */
@FunctionalInterface
public interface Wiring<C> {
    void wire(Service service, C config) throws Exception;
}
