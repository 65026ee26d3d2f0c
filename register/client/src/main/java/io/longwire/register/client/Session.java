package io.longwire.register.client;

/**
 * An endpoint bound to a connection of one room incarnation.
 *
 * @param connSeq 48 bit, grows with each bind of the endpoint: the higher one is the newer session
 * @param roomIncarnation 16 bit, the index of the room's process incarnation
 * @param handle the room's own name of the connection
 */
public record Session(long endpointId, long connSeq, int roomIncarnation, long handle) {
    static Session of(io.longwire.rpc.register.Session wire) {
        return new Session(wire.getEndpointId(), wire.getConnSeq(), wire.getRoomIncarnation(), wire.getHandle());
    }
}
