package io.longwire.room.rig;

import io.longwire.room.end.EndSink;
import io.longwire.room.fetch.InboxSource;
import io.longwire.room.profile.ProfileStore;
import io.longwire.rpc.saver.EndItem;
import io.longwire.rpc.saver.EndResult;
import io.longwire.rpc.saver.FetchItem;
import io.longwire.rpc.saver.FetchResult;
import io.longwire.rpc.saver.Profile;
import io.longwire.rpc.saver.ProfileUpdate;
import io.longwire.rpc.saver.StoredMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Inboxes in memory. */
public final class FakeSaver implements InboxSource, EndSink, ProfileStore {
    public final Map<Long, TreeMap<Long, StoredMessage>> inboxes = new HashMap<>();
    public final List<FetchItem> fetches = new ArrayList<>();
    public final List<EndItem> ends = new ArrayList<>();
    public final List<ProfileUpdate> profiles = new ArrayList<>();
    /** What every update of a profile answers; null = no saver can be asked. */
    public @Nullable Profile profileAnswer = Profile.getDefaultInstance();
    private final List<Runnable> held = new ArrayList<>();
    /** What every fetch answers with. */
    public FetchResult.Code fetchCode = FetchResult.Code.OK;
    public long nextDueMillis;
    /** How many of the ids that a fetch names are passed over. */
    public int mostSkipped = 264;
    public EndResult.Code endCode = EndResult.Code.ENDED_NOW;
    /** Keep answers to fetches and updates until {@link #release}. */
    public boolean hold;

    public synchronized void store(long endpointId, StoredMessage message) {
        inboxes.computeIfAbsent(endpointId, k -> new TreeMap<>()).put(message.getMessageId(), message);
    }

    @Override
    public synchronized CompletableFuture<FetchResult> fetch(FetchItem item) {
        fetches.add(item);
        var answer = new CompletableFuture<FetchResult>();
        if (hold) {
            FetchResult now = look(item);
            held.add(() -> answer.complete(now));
        } else {
            answer.complete(look(item));
        }
        return answer;
    }

    /** The answers of held fetches, as of when they were asked. */
    public synchronized void release() {
        List<Runnable> all = List.copyOf(held);
        held.clear();
        all.forEach(Runnable::run);
    }

    @Override
    public synchronized CompletableFuture<EndResult> end(EndItem item) {
        ends.add(item);
        TreeMap<Long, StoredMessage> inbox = inboxes.get(item.getEndpointId());
        if (inbox != null && item.getKind() == EndItem.Kind.ENDED && endCode != EndResult.Code.UNAVAILABLE) {
            inbox.remove(item.getMessageId());
        }
        return CompletableFuture.completedFuture(EndResult.newBuilder().setCode(endCode).build());
    }

    @Override
    public synchronized CompletableFuture<Profile> update(ProfileUpdate update) {
        profiles.add(update);
        var answer = new CompletableFuture<Profile>();
        Profile now = profileAnswer;
        Runnable give = () -> {
            if (now == null) {
                answer.completeExceptionally(new IllegalStateException("unreachable"));
            } else {
                answer.complete(now);
            }
        };
        if (hold) {
            held.add(give);
        } else {
            give.run();
        }
        return answer;
    }

    public synchronized List<EndItem> endsOf(long messageId) {
        return ends.stream().filter(end -> end.getMessageId() == messageId).toList();
    }

    /** Ids in the inbox. */
    public synchronized Set<Long> waiting(long endpointId) {
        return Set.copyOf(inboxes.getOrDefault(endpointId, new TreeMap<>()).keySet());
    }

    private FetchResult look(FetchItem item) {
        FetchResult.Builder result = FetchResult.newBuilder().setCode(fetchCode).setNextDueMs(nextDueMillis);
        if (fetchCode == FetchResult.Code.UNAVAILABLE || nextDueMillis != 0) {
            return result.build();
        }
        List<Long> named = item.getSkipIdsList();
        Set<Long> skipped = Set.copyOf(named.subList(0, Math.min(named.size(), mostSkipped)));
        for (StoredMessage message : inboxes.getOrDefault(item.getEndpointId(), new TreeMap<>()).values()) {
            if (skipped.contains(message.getMessageId())) {
                continue;
            }
            if (result.getMessagesCount() == item.getMaxMessages()) {
                result.setMore(true);
                break;
            }
            result.addMessages(message);
        }
        return result.build();
    }
}
