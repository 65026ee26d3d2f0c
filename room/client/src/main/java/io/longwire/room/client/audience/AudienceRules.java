package io.longwire.room.client.audience;

import com.google.protobuf.Descriptors.FieldDescriptor;
import io.longwire.rpc.audience.Audience;
import io.longwire.rpc.audience.Compare;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What an audience may be: one condition at each place, at most {@value #DEPTH} deep, {@value #CONDITIONS} in all,
 * {@value #PROFILE_CONDITIONS} different ones on profiles. A broken rule is an IllegalArgumentException that names
 * the place.
 */
public final class AudienceRules {
    public static final int DEPTH = 8;
    public static final int CONDITIONS = 64;
    public static final int PROFILE_CONDITIONS = 32;
    private static final int NAMES = 100;
    private static final int NAME_CHARS = 64;
    private static final int VALUE_CHARS = 256;
    private static final int TAG_CHARS = 64;
    private static final int ALIAS_CHARS = 128;

    private final Set<Audience> profileConditions = new HashSet<>();
    private int conditions;

    private AudienceRules() {
    }

    /** Throws IllegalArgumentException when it breaks a rule. */
    public static void check(Audience audience) {
        new AudienceRules().check(audience, "audience", 1);
    }

    private void check(Audience audience, String at, int depth) {
        require(depth <= DEPTH, at, "depth " + depth, "at most " + DEPTH + " deep");
        Map<FieldDescriptor, Object> set = audience.getAllFields();
        if (set.isEmpty()) {
            require(depth == 1, at, "{}", "one condition; only the whole audience may be empty, for everybody");
            return;
        }
        require(set.size() == 1, at, set.keySet().stream().map(FieldDescriptor::getName).toList().toString(),
                "one of them; put several into \"all\" or \"any\"");
        if (audience.getAllCount() > 0) {
            checkEach(audience.getAllList(), at + ".all", depth);
        } else if (audience.getAnyCount() > 0) {
            checkEach(audience.getAnyList(), at + ".any", depth);
        } else if (audience.hasNot()) {
            check(audience.getNot(), at + ".not", depth + 1);
        } else {
            condition(audience, at + "." + set.keySet().iterator().next().getName());
        }
    }

    private void checkEach(List<Audience> parts, String at, int depth) {
        for (int i = 0; i < parts.size(); i++) {
            check(parts.get(i), at + "[" + i + "]", depth + 1);
        }
    }

    private void condition(Audience one, String at) {
        conditions++;
        require(conditions <= CONDITIONS, at, "condition " + conditions, "at most " + CONDITIONS + " in all");
        if (ProfileCondition.isOne(one)) {
            profileConditions.add(one);
            require(profileConditions.size() <= PROFILE_CONDITIONS, at, "condition " + profileConditions.size(),
                    "at most " + PROFILE_CONDITIONS + " on tags, topics, aliases, attributes and away_days");
            ofProfile(one, at);
        } else if (one.hasPercent()) {
            double below = one.getPercent().getBelow();
            require(below >= 0 && below <= 100, at + ".below", Double.toString(below), "0 to 100");
            name(one.getPercent().getSalt(), at + ".salt", 0, NAME_CHARS);
        } else if (one.hasAppVersion()) {
            compare(one.getAppVersion(), at);
        } else if (one.hasSdkVersion()) {
            compare(one.getSdkVersion(), at);
        } else if (one.hasOsVersion()) {
            compare(one.getOsVersion(), at);
        } else {
            names(one.getOsList(), at);
            names(one.getRegionsList(), at);
            names(one.getLanguagesList(), at);
            names(one.getNetworksList(), at);
            one.getNetworksList().forEach(network -> network(network, at));
        }
    }

    private static void ofProfile(Audience one, String at) {
        name(one.getTag(), at, 0, TAG_CHARS);
        name(one.getTopic(), at, 0, TAG_CHARS - ProfileCondition.TOPIC_PREFIX.length());
        require(one.getAliasesCount() <= NAMES, at, one.getAliasesCount() + " aliases", "1 to " + NAMES);
        one.getAliasesList().forEach(alias -> name(alias, at, 1, ALIAS_CHARS));
        if (one.hasAwayDays()) {
            compare(one.getAwayDays(), at);
        }
        if (one.hasAttribute()) {
            name(one.getAttribute().getName(), at + ".name", 1, NAME_CHARS);
            require(one.getAttribute().getValuesCount() <= NAMES, at + ".values",
                    one.getAttribute().getValuesCount() + " values", "at most " + NAMES);
            one.getAttribute().getValuesList().forEach(value -> name(value, at + ".values", 0, VALUE_CHARS));
        }
    }

    private static void network(String name, String at) {
        require(PhoneTraits.NETWORKS.contains(name.toLowerCase(Locale.ROOT)), at, name,
                "one of " + PhoneTraits.NETWORKS);
    }

    private static void compare(Compare compare, String at) {
        require(!compare.getAllFields().isEmpty(), at, "{}", "at least one of eq, ne, lt, le, gt, ge");
        compare.getAllFields().forEach((field, value) -> require((Long) value >= 0 && (Long) value < Long.MAX_VALUE,
                at + "." + field.getName(), Long.toUnsignedString((Long) value), "below 2^63 - 1"));
        Range range = Range.of(compare);
        require(range.least() <= range.most(), at, "no number is " + range.least() + " or more and " + range.most()
                + " or less", "bounds that some number keeps");
    }

    private static void names(List<String> names, String at) {
        require(names.size() <= NAMES, at, names.size() + " names", "1 to " + NAMES);
        names.forEach(name -> name(name, at, 1, NAME_CHARS));
    }

    private static void name(String name, String at, int least, int most) {
        require(name.length() >= least && name.length() <= most, at,
                name.length() <= most ? "\"" + name + "\"" : name.length() + " characters",
                least + " to " + most + " characters");
    }

    private static void require(boolean holds, String at, String value, String expected) {
        if (!holds) {
            throw new IllegalArgumentException(at + ": " + value + " (expected: " + expected + ")");
        }
    }
}
