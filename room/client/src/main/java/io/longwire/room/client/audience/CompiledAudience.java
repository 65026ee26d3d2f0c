package io.longwire.room.client.audience;

import io.longwire.rpc.audience.Audience;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * An audience, ready to be asked. Conditions that only a profile can tell (tag, topic, aliases, attribute, away_days)
 * are numbered; whoever asks brings their values as bits. An evaluation costs no garbage and at most 64 conditions.
 */
public final class CompiledAudience {
    /** Every endpoint. */
    public static final CompiledAudience EVERYBODY = new CompiledAudience(Node.Everybody.ALL, List.of());
    /** All conditions on profiles count as holding. */
    public static final int ALL_HOLD = -1;

    private final Node root;
    private final List<Audience> profileConditions;

    private CompiledAudience(Node root, List<Audience> profileConditions) {
        this.root = root;
        this.profileConditions = List.copyOf(profileConditions);
    }

    /**
     * Throws IllegalArgumentException ("audience.all[1].tag: ... (expected: ...)") when it breaks a rule of
     * {@link AudienceRules}.
     */
    public static CompiledAudience compile(Audience audience) {
        AudienceRules.check(audience);
        var conditions = new ArrayList<Audience>();
        Node root = node(audience, conditions);
        return conditions.isEmpty() && root == Node.Everybody.ALL ? EVERYBODY : new CompiledAudience(root, conditions);
    }

    /** The conditions on profiles: number i is bit i of what {@link #matches} is given. At most 32. */
    public List<Audience> profileConditions() {
        return profileConditions;
    }

    /** Whether an endpoint's profile has to be asked. */
    public boolean needsProfile() {
        return !profileConditions.isEmpty();
    }

    public boolean isEverybody() { return root == Node.Everybody.ALL; }

    /**
     * Whether the endpoint is in it.
     *
     * @param profileBits which conditions on profiles hold
     */
    public boolean matches(PhoneTraits phone, int appVersion, long endpointId, int profileBits) {
        return root.eval(phone, appVersion, endpointId, profileBits) == Node.YES;
    }

    /** Whether it would be in it whatever its profile says: NO for all profiles = false. */
    public boolean mayMatch(PhoneTraits phone, int appVersion, long endpointId) {
        return root.couldBe(phone, appVersion, endpointId);
    }

    /** Whether an offline endpoint, of whose phone nothing is known, may be in it. */
    public boolean mayMatchOffline(long endpointId, int profileBits) {
        return root.eval(null, 0, endpointId, profileBits) != Node.NO;
    }

    private static Node node(Audience audience, List<Audience> conditions) {
        if (audience.getAllCount() > 0) {
            return new Node.All(audience.getAllList().stream().map(part -> node(part, conditions)).toList());
        }
        if (audience.getAnyCount() > 0) {
            return new Node.Any(audience.getAnyList().stream().map(part -> node(part, conditions)).toList());
        }
        if (audience.hasNot()) {
            return new Node.Not(node(audience.getNot(), conditions));
        }
        if (ProfileCondition.isOne(audience)) {
            int known = conditions.indexOf(audience);
            if (known < 0) {
                conditions.add(audience);
                known = conditions.size() - 1;
            }
            return new Node.OfProfile(known);
        }
        if (audience.hasPercent()) {
            return new Node.OfShare(Share.below(audience.getPercent().getBelow()),
                    Share.salt(audience.getPercent().getSalt()));
        }
        if (audience.hasAppVersion()) {
            return new Node.OfAppVersion(Range.of(audience.getAppVersion()));
        }
        return audience.equals(Audience.getDefaultInstance()) ? Node.Everybody.ALL : phone(audience);
    }

    private static Node phone(Audience audience) {
        if (audience.hasSdkVersion()) {
            Range range = Range.of(audience.getSdkVersion());
            return new Node.OfPhone(phone -> range.holds(phone.sdkVersion()));
        }
        if (audience.hasOsVersion()) {
            Range range = Range.of(audience.getOsVersion());
            return new Node.OfPhone(phone -> range.holds(phone.osVersion()));
        }
        if (audience.getOsCount() > 0) {
            List<String> wanted = lower(audience.getOsList());
            return new Node.OfPhone(phone -> wanted.contains(phone.os()));
        }
        if (audience.getRegionsCount() > 0) {
            List<String> wanted = audience.getRegionsList().stream().map(one -> one.toUpperCase(Locale.ROOT)).toList();
            return new Node.OfPhone(phone -> wanted.contains(phone.region()));
        }
        if (audience.getLanguagesCount() > 0) {
            List<String> wanted = lower(audience.getLanguagesList());
            return new Node.OfPhone(phone -> speaks(phone.language(), wanted));
        }
        List<String> wanted = lower(audience.getNetworksList());
        return new Node.OfPhone(phone -> wanted.contains(phone.network()));
    }

    private static boolean speaks(String language, List<String> wanted) {
        for (int i = 0; i < wanted.size(); i++) {
            String one = wanted.get(i);
            if (language.startsWith(one)
                    && (language.length() == one.length() || language.charAt(one.length()) == '-')) {
                return true;
            }
        }
        return false;
    }

    private static List<String> lower(List<String> names) {
        return names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    }
}
