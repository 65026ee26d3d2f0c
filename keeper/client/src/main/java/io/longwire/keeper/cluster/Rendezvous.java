package io.longwire.keeper.cluster;

/** Highest-random-weight hashing (Thaler and Ravishankar, 1998): who comes or goes moves only its own keys. */
public final class Rendezvous {
    private Rendezvous() {
    }

    /** The weight of a name for a key; compare as unsigned. Stable for ever: maps made by different versions agree. */
    public static long score(String name, long key) {
        long hash = 0xcbf29ce484222325L; // FNV-1a over the name, then the key
        for (int i = 0; i < name.length(); i++) {
            hash = (hash ^ name.charAt(i)) * 0x100000001b3L;
        }
        return mix(hash ^ mix(key));
    }

    // The finaliser of SplitMix64.
    private static long mix(long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
