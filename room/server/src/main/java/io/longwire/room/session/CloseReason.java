package io.longwire.room.session;

/** Why a connection ended. */
public enum CloseReason {
    /** The phone or the network closed it. */
    PEER,
    /** No byte within the server's idle limit. */
    IDLE,
    /** No CONNECT within 8 s. */
    NO_CONNECT,
    /** A frame that was begun and not finished within 20 s. */
    PARTIAL_FRAME,
    /** It broke the protocol. */
    PROTOCOL,
    /** It asks and asks and does not read the answers. */
    UNREAD,
    /** It sends too many frames. */
    RATE,
    /** Its login was refused. */
    LOGIN_REFUSED,
    /** Two ack time-outs and not a byte. */
    ACK_TIMEOUT,
    /** Its last endpoint left: unbound, kicked or replaced. */
    EMPTY,
    /** The operator ended it, with all its sessions. */
    KICKED,
    /** The phone came back on a new socket. */
    RESUMED,
    /** The room ends. */
    SHUTDOWN,
    /** A fault of the room. */
    BUG;

    /** Whether the phone may be back soon, so that its sessions are kept for a while. */
    public boolean parks() {
        return switch (this) {
            case PEER, IDLE, PARTIAL_FRAME, ACK_TIMEOUT, UNREAD, BUG -> true;
            case NO_CONNECT, PROTOCOL, RATE, LOGIN_REFUSED, EMPTY, KICKED, RESUMED, SHUTDOWN -> false;
        };
    }
}
