package io.longwire.saver.profile;

import io.longwire.rpc.saver.Profile;
import io.longwire.rpc.saver.ProfileUpdate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

/** What a profile may hold, and how an update changes one. Tags, attributes and aliases are kept sorted. */
final class ProfileRules {
    static final int MAX_TAGS = 100;
    static final int MAX_ATTRIBUTES = 100;
    static final int MAX_ALIASES = 8;
    static final int MAX_ENDPOINTS = 64;
    private static final int MAX_NAME = 64;
    private static final int MAX_VALUE = 256;
    private static final int MAX_ALIAS = 128;
    private static final long MAX_AGE_MILLIS = Duration.ofDays(365).toMillis();

    private ProfileRules() {
    }

    /** What is wrong with an update by itself, or null. */
    static @Nullable String objection(ProfileUpdate update) {
        for (String tag : update.getAddTagsList()) {
            if (!fits(tag, MAX_NAME)) {
                return said("tag", tag, MAX_NAME);
            }
        }
        for (Map.Entry<String, String> each : update.getSetAttributesMap().entrySet()) {
            if (!fits(each.getKey(), MAX_NAME)) {
                return said("attribute", each.getKey(), MAX_NAME);
            }
            if (each.getValue().length() > MAX_VALUE) {
                return "attribute " + each.getKey() + ": " + each.getValue().length()
                        + " characters (expected: at most " + MAX_VALUE + ")";
            }
        }
        for (String alias : update.getBindAliasesList()) {
            if (!fits(alias, MAX_ALIAS)) {
                return said("alias", alias, MAX_ALIAS);
            }
        }
        return null;
    }

    private static boolean fits(String name, int most) {
        return !name.isBlank() && name.length() <= most;
    }

    private static String said(String what, String name, int most) {
        String shown = name.length() <= most ? name : name.length() + " characters";
        return what + ": " + shown + " (expected: 1 to " + most + " characters)";
    }

    /** Tags and attributes changed; what both adds and removes is added. Aliases stay. */
    static Profile changed(Profile before, ProfileUpdate update) {
        var tags = new TreeSet<>(before.getTagsList());
        tags.removeAll(update.getRemoveTagsList());
        tags.addAll(update.getAddTagsList());
        var attributes = new TreeMap<>(before.getAttributesMap());
        update.getRemoveAttributesList().forEach(attributes::remove);
        attributes.putAll(update.getSetAttributesMap());
        return before.toBuilder().clearTags().addAllTags(tags).clearAttributes().putAllAttributes(attributes).build();
    }

    /** The aliases that the update binds anew or again. */
    static List<String> bound(ProfileUpdate update) {
        return update.getBindAliasesList().stream().distinct().toList();
    }

    /** How long ago the newest wish of the update for this alias was made; at most a year. */
    static long ageMillis(ProfileUpdate update, String alias) {
        int at = update.getBindAliasesList().lastIndexOf(alias);
        long age = at < update.getBindAgeMsCount() ? update.getBindAgeMs(at) : 0;
        return Math.min(MAX_AGE_MILLIS, Math.max(0, age));
    }

    /** The aliases that the update takes away: those that are bound and not bound anew. */
    static List<String> unbound(Profile before, ProfileUpdate update) {
        var gone = new ArrayList<>(before.getAliasesList());
        gone.retainAll(update.getUnbindAliasesList());
        gone.removeAll(update.getBindAliasesList());
        return gone;
    }

    static Profile with(Profile before, List<String> aliases) {
        var all = new TreeSet<>(before.getAliasesList());
        all.addAll(aliases);
        return before.toBuilder().clearAliases().addAllAliases(all).build();
    }

    static Profile without(Profile before, List<String> aliases) {
        var left = new TreeSet<>(before.getAliasesList());
        left.removeAll(aliases);
        return before.toBuilder().clearAliases().addAllAliases(left).build();
    }

    /** What is too much in a profile, or null. */
    static @Nullable String excess(Profile profile) {
        if (profile.getTagsCount() > MAX_TAGS) {
            return "tags: " + profile.getTagsCount() + " (expected: at most " + MAX_TAGS + ")";
        }
        if (profile.getAttributesCount() > MAX_ATTRIBUTES) {
            return "attributes: " + profile.getAttributesCount() + " (expected: at most " + MAX_ATTRIBUTES + ")";
        }
        if (profile.getAliasesCount() > MAX_ALIASES) {
            return "aliases: " + profile.getAliasesCount() + " (expected: at most " + MAX_ALIASES + ")";
        }
        return null;
    }
}
