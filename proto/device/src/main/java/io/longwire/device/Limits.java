package io.longwire.device;

/** The limits of version 1. Both sides hold them; going past one is {@link Code#TOO_LARGE} or {@link Code#LIMIT}. */
public final class Limits {
    /** The first byte each way: the major version. */
    public static final int PREFACE = 1;
    /** Body of the one frame that may come before authentication. */
    public static final int FIRST_BODY_BYTES = 4 * 1024;
    /** Body of any later frame. */
    public static final int BODY_BYTES = 64 * 1024;
    /** Type byte and the longest length. */
    public static final int HEADER_BYTES = 4;
    /** A connection that has not sent CONNECT so long after accept is closed. */
    public static final int FIRST_FRAME_SECONDS = 8;
    /** A frame that has begun must be whole so long after. */
    public static final int PARTIAL_FRAME_SECONDS = 20;

    /** Payload of a push. */
    public static final int PAYLOAD_BYTES = 4 * 1024;
    /** Collapse key of a push. */
    public static final int COLLAPSE_KEY_BYTES = 64;
    /** Items of a PUSH_BATCH, whose body stays within {@link #BODY_BYTES}. */
    public static final int BATCH_ITEMS = 64;
    /** Body of an uplink. */
    public static final int UPLINK_BYTES = 16 * 1024;
    /** Uplinks of one connection that wait for their reply. */
    public static final int UPLINKS_CONNECTION = 8;
    /** Bodies of those, all together. */
    public static final int UPLINKS_CONNECTION_BYTES = 64 * 1024;
    /** Body of a reply to an uplink that is a request. */
    public static final int REPLY_BYTES = 4 * 1024;
    /** The longest that an app may wait for a reply. */
    public static final int REQUEST_MILLIS = 300_000;
    /** Any text field of a frame, in UTF-16 units. */
    public static final int TEXT_CHARS = 256;
    /** Any identifying text: carrier, os, model, language, region, uplink topic. */
    public static final int LABEL_CHARS = 64;

    /** An alias; one endpoint has at most {@link #ENDPOINT_ALIASES}. */
    public static final int ALIAS_CHARS = 128;
    public static final int ENDPOINT_ALIASES = 8;
    /** A tag, or the name of an attribute. */
    public static final int TAG_CHARS = 64;
    public static final int TAGS = 100;
    public static final int ATTRIBUTES = 100;
    /** The value of an attribute. */
    public static final int ATTRIBUTE_CHARS = 256;

    /** Bindings in one CONNECT or BIND. */
    public static final int BINDINGS = 16;
    /** Endpoints on one connection. */
    public static final int CONNECTION_ENDPOINTS = 64;
    /** Pushes that wait for their ack on one connection. */
    public static final int UNACKED_CONNECTION = 32;
    /** Pushes that wait for their ack at one endpoint. */
    public static final int UNACKED_ENDPOINT = 8;
    /** Sequences named in one {@link BroadcastSeen}. */
    public static final int BROADCASTS_SEEN = 100;
    /** Messages and sequences named in one ACK, all together. */
    public static final int ACK_ITEMS = 1024;
    /** The resume token. */
    public static final int RESUME_TOKEN_BYTES = 16;
    /** The name a room gives to a network. */
    public static final int NET_KEY_BYTES = 32;
    /** Nesting of protobuf messages; groups nobody knows may nest to the 100 that protobuf allows. */
    public static final int NESTING = 16;

    private Limits() {
    }
}
