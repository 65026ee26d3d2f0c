package io.longwire.device;

/**
 * The frame types of version 1: the low six bits of the first byte of a frame. Bit 5 belongs to the type and says
 * "ignorable": who does not know such a frame skips it; any other unknown frame ends the connection.
 */
public final class FrameType {
    public static final int CONNECT = 0x01;
    public static final int CONNECT_ACK = 0x02;
    public static final int BIND = 0x03;
    public static final int BIND_ACK = 0x04;
    public static final int UNBIND = 0x05;
    public static final int PUSH = 0x06;
    public static final int PUSH_BATCH = 0x07;
    public static final int ACK = 0x08;
    public static final int UPLINK = 0x09;
    public static final int UPLINK_REPLY = 0x0A;
    public static final int PING = 0x0B;
    public static final int PONG = 0x0C;
    public static final int KICK = 0x0D;
    public static final int GOAWAY = 0x0E;
    public static final int ERROR = 0x0F;
    public static final int READY = 0x10;
    public static final int PROFILE = 0x11;
    public static final int PROFILE_ACK = 0x12;
    public static final int CONFIG = 0x21;
    public static final int TELEMETRY = 0x22;
    public static final int REPLY = 0x23;

    /** Set in the types that a reader may skip. */
    public static final int IGNORABLE = 0x20;
    /** The two high bits of the first byte: reserved, 0 in version 1. */
    public static final int RESERVED = 0xC0;

    private static final long BOTH = bit(PING) | bit(PONG) | bit(ERROR);
    private static final long FROM_PHONE = BOTH | bit(CONNECT) | bit(BIND) | bit(UNBIND) | bit(ACK) | bit(UPLINK)
            | bit(READY) | bit(PROFILE) | bit(TELEMETRY);
    private static final long FROM_ROOM = BOTH | bit(CONNECT_ACK) | bit(BIND_ACK) | bit(PUSH) | bit(PUSH_BATCH)
            | bit(UPLINK_REPLY) | bit(KICK) | bit(GOAWAY) | bit(PROFILE_ACK) | bit(CONFIG)
            | bit(REPLY);

    private FrameType() {
    }

    /** Whether who does not know this type may skip the frame. */
    public static boolean isIgnorable(int type) {
        return (type & IGNORABLE) != 0;
    }

    /** Whether version 1 knows this type. */
    public static boolean isKnown(int type) {
        return has(FROM_PHONE | FROM_ROOM, type);
    }

    /** Whether a phone may send this type. */
    public static boolean isFromPhone(int type) {
        return has(FROM_PHONE, type);
    }

    /** Whether a room may send this type. */
    public static boolean isFromRoom(int type) {
        return has(FROM_ROOM, type);
    }

    /** The name for logs and metrics; {@code UNKNOWN} for a type of a later version. */
    public static String name(int type) {
        switch (type) {
            case CONNECT :
                return "CONNECT";
            case CONNECT_ACK :
                return "CONNECT_ACK";
            case BIND :
                return "BIND";
            case BIND_ACK :
                return "BIND_ACK";
            case UNBIND :
                return "UNBIND";
            case PUSH :
                return "PUSH";
            case PUSH_BATCH :
                return "PUSH_BATCH";
            case ACK :
                return "ACK";
            case UPLINK :
                return "UPLINK";
            case UPLINK_REPLY :
                return "UPLINK_REPLY";
            case PING :
                return "PING";
            case PONG :
                return "PONG";
            case KICK :
                return "KICK";
            case GOAWAY :
                return "GOAWAY";
            case ERROR :
                return "ERROR";
            case READY :
                return "READY";
            case PROFILE :
                return "PROFILE";
            case PROFILE_ACK :
                return "PROFILE_ACK";
            case CONFIG :
                return "CONFIG";
            case TELEMETRY :
                return "TELEMETRY";
            case REPLY :
                return "REPLY";
            default :
                return "UNKNOWN";
        }
    }

    private static long bit(int type) {
        return 1L << type;
    }

    private static boolean has(long set, int type) {
        return type > 0 && type < 64 && (set & (1L << type)) != 0;
    }
}
