package io.longwire.center.api;

/** Some of the API's calls, brought into the table by the part of center that answers them. */
@FunctionalInterface
public interface Feature {
    void register(Calls.Table table);
}
