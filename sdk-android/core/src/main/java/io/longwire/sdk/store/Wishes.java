package io.longwire.sdk.store;

import com.google.protobuf.InvalidProtocolBufferException;
import io.longwire.device.Limits;
import io.longwire.sdk.store.v1.ProfileState;
import io.longwire.sdk.store.v1.Wish;
import io.longwire.sdk.store.v1.WishKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an app wants of the profile of its endpoint and the platform has not confirmed. Of one alias, tag or attribute
 * only the newest wish is kept, so there are never more than twice as many as an endpoint may have: as many to set as
 * to take away. Belongs to the loop.
 */
public final class Wishes {
    private static final int TWICE = 2;

    private final StateFile file;
    private final Map<String, Wish> wishes = new LinkedHashMap<>();
    private long lastNumber;

    Wishes(StateFile file) throws IOException {
        this.file = file;
        ProfileState kept = parse(file.read());
        lastNumber = kept.getLastNumber();
        for (Wish one : kept.getWishesList()) {
            wishes.put(key(one), one);
        }
    }

    /** A number for a call, higher than all before. */
    public long nextNumber() {
        return ++lastNumber;
    }

    /** Whether these are not too many, together with what waits. */
    public boolean hasRoomFor(List<Wish> more) {
        Map<String, Wish> all = new LinkedHashMap<>(wishes);
        for (Wish one : more) {
            all.put(key(one), one);
        }
        return fits(WishKind.WISH_ALIAS, all) && fits(WishKind.WISH_TAG, all) && fits(WishKind.WISH_ATTRIBUTE, all);
    }

    private static boolean fits(WishKind kind, Map<String, Wish> all) {
        int count = 0;
        for (Wish one : all.values()) {
            count += one.getKind() == kind ? 1 : 0;
        }
        return count <= TWICE * limit(kind);
    }

    /**
     * Adds wishes in the place of older ones for the same names.
     *
     * @return those older ones
     */
    public List<Wish> add(List<Wish> more) {
        List<Wish> replaced = new ArrayList<>();
        for (Wish one : more) {
            Wish older = wishes.remove(key(one));
            if (older != null) {
                replaced.add(older);
            }
            wishes.put(key(one), one);
        }
        return replaced;
    }

    /** Forgets these; a newer wish for the same name stays. Returns what was forgotten. */
    public List<Wish> remove(List<Wish> settled) {
        List<Wish> gone = new ArrayList<>();
        for (Wish one : settled) {
            Wish kept = wishes.get(key(one));
            if (kept != null && kept.getNumber() == one.getNumber()) {
                wishes.remove(key(one));
                gone.add(one);
            }
        }
        return gone;
    }

    /** All that waits, the oldest first. */
    public List<Wish> all() {
        return new ArrayList<>(wishes.values());
    }

    public boolean isEmpty() { return wishes.isEmpty(); }

    /** Writes down how it stands. When this throws, a kill would lose what changed since the last time. */
    public void keep() throws IOException {
        file.write(ProfileState.newBuilder().addAllWishes(wishes.values()).setLastNumber(lastNumber).build()
                .toByteArray());
    }

    /** How many of this kind an endpoint may have. */
    public static int limit(WishKind kind) {
        switch (kind) {
            case WISH_ALIAS :
                return Limits.ENDPOINT_ALIASES;
            case WISH_TAG :
                return Limits.TAGS;
            default :
                return Limits.ATTRIBUTES;
        }
    }

    private static String key(Wish one) {
        return one.getKindValue() + one.getName();
    }

    private static ProfileState parse(byte @Nullable [] content) {
        try {
            return content == null ? ProfileState.getDefaultInstance() : ProfileState.parseFrom(content);
        } catch (InvalidProtocolBufferException broken) {
            return ProfileState.getDefaultInstance();
        }
    }
}
