package io.longwire.coordinator.callback;

import io.netty.channel.Channel;

/** A connection to a backend. Owned by the thread that sends over it, else by {@link IdleConnections}. */
final class Connection {
    final Channel channel;
    final AnswerHandler answers;
    final long born;
    long idleSince;

    Connection(Channel channel, AnswerHandler answers, long born) {
        this.channel = channel;
        this.answers = answers;
        this.born = born;
    }
}
