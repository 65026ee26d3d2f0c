package io.longwire.room.client.audience;

import io.longwire.rpc.audience.Audience;
import io.longwire.rpc.saver.Profile;
import java.util.List;

/** The conditions that only what is stored of an endpoint can tell. */
public final class ProfileCondition {
    /** A topic is a tag with this before its name. */
    public static final String TOPIC_PREFIX = "topic:";

    private ProfileCondition() {
    }

    /** Whether this one, by itself, is such a condition. */
    public static boolean isOne(Audience audience) {
        return !audience.getTag().isEmpty() || !audience.getTopic().isEmpty() || audience.getAliasesCount() > 0
                || audience.hasAttribute() || audience.hasAwayDays();
    }

    /**
     * Whether it holds.
     *
     * @param profile with its lists sorted or not
     * @param awayDays whole days between the endpoint's last connect and the one before; 0 = there was none before
     */
    public static boolean holds(Audience condition, Profile profile, long awayDays) {
        if (!condition.getTag().isEmpty()) {
            return profile.getTagsList().contains(condition.getTag());
        }
        if (!condition.getTopic().isEmpty()) {
            return profile.getTagsList().contains(TOPIC_PREFIX + condition.getTopic());
        }
        if (condition.getAliasesCount() > 0) {
            List<String> bound = profile.getAliasesList();
            return bound.stream().anyMatch(condition.getAliasesList()::contains);
        }
        if (condition.hasAwayDays()) {
            return Range.of(condition.getAwayDays()).holds(awayDays);
        }
        String value = profile.getAttributesMap().get(condition.getAttribute().getName());
        return value != null && (condition.getAttribute().getValuesCount() == 0
                || condition.getAttribute().getValuesList().contains(value));
    }

    /** Bit i = condition i holds. */
    public static int bits(List<Audience> conditions, Profile profile, long awayDays) {
        int bits = 0;
        for (int i = 0; i < conditions.size(); i++) {
            if (holds(conditions.get(i), profile, awayDays)) {
                bits |= 1 << i;
            }
        }
        return bits;
    }
}
