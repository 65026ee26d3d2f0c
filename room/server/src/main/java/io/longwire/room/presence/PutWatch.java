package io.longwire.room.presence;

import io.longwire.register.client.PutResult;
import io.longwire.register.client.SessionListener;
import io.longwire.rpc.coordinator.PresenceItem.Kind;

/**
 * Hears what the owners answer to one put before its listener does, and tells the feed what it means: at the first
 * answer that makes it online, else when all owners have answered or will not. On the listener's executor.
 */
final class PutWatch implements SessionListener {
    private final PresenceFeed feed;
    private final SessionListener listener;
    private final PresenceEvent online;
    private int stored;
    private int displaced;
    private int incumbents;
    private boolean told;

    /** @param online what is told when it is */
    PutWatch(PresenceFeed feed, SessionListener listener, PresenceEvent online) {
        this.feed = feed;
        this.listener = listener;
        this.online = online;
    }

    @Override
    public void onFirstAck(PutResult result) {
        count(result);
        if (stored > 0) {
            tell();
        }
        listener.onFirstAck(result);
    }

    @Override
    public void onSecondAck(PutResult result) {
        count(result);
        listener.onSecondAck(result);
    }

    @Override
    public void onOwed(int acks) {
        listener.onOwed(acks);
    }

    @Override
    public void onSettled() {
        tell();
        listener.onSettled();
    }

    private void count(PutResult result) {
        switch (result) {
            case PutResult.Stored none -> stored++;
            case PutResult.Displaced older -> displaced++;
            case PutResult.Incumbent newer -> incumbents++;
        }
    }

    private void tell() {
        Kind kind = told ? null : PresenceRules.ofPut(stored, displaced, incumbents);
        if (kind != null) {
            told = true;
            feed.tell(kind == Kind.ONLINE
                    ? online
                    : new PresenceEvent(kind, online.appId(), online.endpointId(), online.connSeq(), online.atMillis(),
                            online.network()));
        }
    }
}
