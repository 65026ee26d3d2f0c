package io.longwire.sdk.dispatcher;

import io.longwire.device.dispatcher.PublishedShareList;
import io.longwire.device.dispatcher.RegisterEndpoint;
import io.longwire.device.dispatcher.RegisteredEndpoint;
import io.longwire.device.dispatcher.Rooms;
import io.longwire.sdk.dispatcher.DispatcherFailure.Kind;
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

    /**
     * The list of those who share a connection, as the operator signed it; not checked yet.
     *
     * @param above the serial of the list that the phone has: an older one, or the same, is not sent
     */
    default PublishedShareList shareList(String group, long above) throws DispatcherFailure {
        throw new DispatcherFailure(Kind.REFUSED, "share list: " + group + " (expected: a dispatcher that has lists)",
                0);
    }
}
