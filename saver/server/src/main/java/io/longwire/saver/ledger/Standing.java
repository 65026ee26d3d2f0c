package io.longwire.saver.ledger;

import io.longwire.rpc.saver.How;

/**
 * What stands of one message in the ledger, without its body.
 *
 * @param row it is in msg_log or msg_cold
 * @param how of its end; 0 = none
 * @param code of its end
 */
public record Standing(boolean row, int how, int code) {
    static final Standing NONE = new Standing(false, How.NONE_VALUE, 0);

    /** The ledger has it, or had it. */
    public boolean known() {
        return row || ended();
    }

    public boolean ended() {
        return how != How.NONE_VALUE;
    }

    /** It was refused when it was appended: nobody was told that it is accepted. */
    public boolean refused() {
        return how == How.REJECTED_VALUE;
    }

    /** Refused because its endpoint was gone. */
    public boolean gone() {
        return refused() && code == EndRow.REFUSED_GONE;
    }

    Standing and(boolean more, int moreHow, int moreCode) {
        return moreHow == How.NONE_VALUE
                ? new Standing(row || more, how, code)
                : new Standing(row || more, moreHow, moreCode);
    }
}
