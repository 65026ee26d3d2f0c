package io.longwire.saver.ledger;

/** Lists of placeholders. The statement texts repeat, so the driver's statement cache finds them. */
public final class Tuples {
    private static final String[] TRIPLES = lists("(?,?,?)");
    private static final int[] SIZES = {1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176,
            BatchQueue.MAX_ROWS};

    private Tuples() {
    }

    /** {@code tuple,tuple,...}, so many of them. */
    public static String of(String tuple, int count) {
        var text = new StringBuilder((tuple.length() + 1) * count);
        for (int i = 0; i < count; i++) {
            text.append(i == 0 ? "" : ",").append(tuple);
        }
        return text.toString();
    }

    /** {@code (?,?,?),...} for (slot, ep, msg_id), up to a batch of them. */
    static String keys(int count) {
        return count < TRIPLES.length ? TRIPLES[count] : of("(?,?,?)", count);
    }

    /** {@code (?,?,?),...} for at least so many keys, in the few sizes of {@link #roomFor}. */
    static String keysFor(int count) {
        return keys(roomFor(count));
    }

    /**
     * Rows of the smallest insert that so many fit into. The few sizes keep the server's prepared statements few; the
     * rows that are too many repeat one of the batch, which ON DUPLICATE KEY absorbs without counting it.
     */
    static int roomFor(int rows) {
        for (int size : SIZES) {
            if (size >= rows) {
                return size;
            }
        }
        return rows;
    }

    private static String[] lists(String tuple) {
        var lists = new String[BatchQueue.MAX_ROWS + 1];
        for (int i = 0; i < lists.length; i++) {
            lists[i] = of(tuple, i);
        }
        return lists;
    }
}
