package io.longwire.register.client;

/**
 * What becomes of one put. Called on the executor given with it, one call after the other. The room fetches the
 * inbox after <em>each</em> acknowledgement: a lookup asks one owner only, so a message stored before the second
 * owner knew the session may have been looked up there in vain.
 *
 * <p>An acknowledgement may come late (after {@link #onOwed}), and for a session that has ended meanwhile; the
 * listener checks that it still has it. After a reincarnation or a flood of failures {@link
 * SlotSessions#slotFlushed} takes the place of late acknowledgements.
 */
public interface SessionListener {
    /** The first owner has answered; at most once. */
    void onFirstAck(PutResult result);

    /** The second owner has answered; at most once, after the first. Never, if the slot has one owner only. */
    void onSecondAck(PutResult result);

    /**
     * An owner did not answer in time: its slot is flushed every second until it does. At most once, when the
     * outcome at both owners is known.
     *
     * @param acks how many owners had answered when it became known: 0 or 1
     */
    void onOwed(int acks);

    /** What each owner of the slot says, if it says anything, is known by now. Once, after the calls above. */
    default void onSettled() {
    }
}
