package io.longwire.keeper.cluster;

/** Highest-random-weight hashing (Thaler and Ravishankar, 1998): who comes or goes moves only its own keys. */
public final class Rendezvous {
    private Rendezvous() {
    }

    /** The weight of a name for a key; compare as unsigned. Stable for ever: maps made by different versions agree. */
    public static long score(String name, long key) {
        return score(seed(name), key);
    }

    /** As above for a name whose seed is kept. */
    public static long score(long seed, long key) {
        return mix(seed ^ mix(key));
    }

    /** What a name contributes to its scores: FNV-1a over its letters. */
    public static long seed(String name) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < name.length(); i++) {
            hash = (hash ^ name.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }

    // The finaliser of SplitMix64.
    private static long mix(long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
