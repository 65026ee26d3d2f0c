package io.longwire.sdk.dispatcher;

import io.longwire.device.dispatcher.RegisterEndpoint;
import io.longwire.device.dispatcher.RegisteredEndpoint;
import io.longwire.device.dispatcher.Rooms;
import io.longwire.sdk.policy.Pace;

/** The dispatcher, as the phone sees it. Calls block until there is an answer; any thread but the loop. */
public interface Dispatcher {
    /** How slow the network is that calls go over from now on; any thread. */
    default void pace(Pace pace) {
    }

    /** Registers an install, or renews its credential: the same install gets the same endpoint. */
    RegisteredEndpoint register(RegisterEndpoint install) throws DispatcherFailure;

    /**
     * A list of rooms, best first.
     *
     * @param endpoint its text; empty while there is none
     * @param attempt grows when none of the last list answered
     */
    Rooms rooms(String endpoint, int attempt) throws DispatcherFailure;
}
