package io.longwire.room.client.audience;

import java.util.List;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * A part of an expression. Three-valued: of a phone that is not connected nothing is known, so what depends on it is
 * MAYBE, and all, any and not follow Kleene's logic.
 */
sealed interface Node {
    int NO = 0;
    int MAYBE = 1;
    int YES = 2;

    /** @param phone null = not known */
    int eval(@Nullable PhoneTraits phone, int appVersion, long endpointId, int profileBits);

    /** As {@link #eval} with nothing known of the profile; false = NO. */
    default boolean couldBe(PhoneTraits phone, int appVersion, long endpointId) {
        return open(phone, appVersion, endpointId) != NO;
    }

    /** As {@link #eval} with nothing known of the profile. */
    default int open(PhoneTraits phone, int appVersion, long endpointId) {
        return eval(phone, appVersion, endpointId, 0);
    }

    private static int of(boolean holds) {
        return holds ? YES : NO;
    }

    /** No condition. */
    enum Everybody implements Node {
        ALL;

        @Override
        public int eval(@Nullable PhoneTraits phone, int appVersion, long endpointId, int profileBits) {
            return YES;
        }
    }

    /** And. */
    record All(List<Node> parts) implements Node {
        @Override
        public int eval(@Nullable PhoneTraits phone, int appVersion, long endpointId, int profileBits) {
            int least = YES;
            for (int i = 0; i < parts.size() && least != NO; i++) {
                least = Math.min(least, parts.get(i).eval(phone, appVersion, endpointId, profileBits));
            }
            return least;
        }

        @Override
        public int open(PhoneTraits phone, int appVersion, long endpointId) {
            int least = YES;
            for (int i = 0; i < parts.size() && least != NO; i++) {
                least = Math.min(least, parts.get(i).open(phone, appVersion, endpointId));
            }
            return least;
        }
    }

    /** Or. */
    record Any(List<Node> parts) implements Node {
        @Override
        public int eval(@Nullable PhoneTraits phone, int appVersion, long endpointId, int profileBits) {
            int most = NO;
            for (int i = 0; i < parts.size() && most != YES; i++) {
                most = Math.max(most, parts.get(i).eval(phone, appVersion, endpointId, profileBits));
            }
            return most;
        }

        @Override
        public int open(PhoneTraits phone, int appVersion, long endpointId) {
            int most = NO;
            for (int i = 0; i < parts.size() && most != YES; i++) {
                most = Math.max(most, parts.get(i).open(phone, appVersion, endpointId));
            }
            return most;
        }
    }

    /** Not. */
    record Not(Node part) implements Node {
        @Override
        public int eval(@Nullable PhoneTraits phone, int appVersion, long endpointId, int profileBits) {
            return YES - part.eval(phone, appVersion, endpointId, profileBits);
        }

        @Override
        public int open(PhoneTraits phone, int appVersion, long endpointId) {
            return YES - part.open(phone, appVersion, endpointId);
        }
    }

    /** A condition that the profile tells, by its number. */
    record OfProfile(int number) implements Node {
        @Override
        public int eval(@Nullable PhoneTraits phone, int appVersion, long endpointId, int profileBits) {
            return of((profileBits & 1 << number) != 0);
        }

        @Override
        public int open(PhoneTraits phone, int appVersion, long endpointId) {
            return MAYBE;
        }
    }

    /** Below this share of all endpoints. */
    record OfShare(int below, long salt) implements Node {
        @Override
        public int eval(@Nullable PhoneTraits phone, int appVersion, long endpointId, int profileBits) {
            return of(Share.of(endpointId, salt) < below);
        }
    }

    /** Of the binding. */
    record OfAppVersion(Range range) implements Node {
        @Override
        public int eval(@Nullable PhoneTraits phone, int appVersion, long endpointId, int profileBits) {
            return phone == null ? MAYBE : of(range.holds(Integer.toUnsignedLong(appVersion)));
        }
    }

    /** Of the phone. */
    record OfPhone(Predicate<PhoneTraits> condition) implements Node {
        @Override
        public int eval(@Nullable PhoneTraits phone, int appVersion, long endpointId, int profileBits) {
            return phone == null ? MAYBE : of(condition.test(phone));
        }
    }
}
