package io.longwire.saver.list;

import io.longwire.rpc.saver.AudienceList;

/**
 * A list as it stands in the table.
 *
 * @param list without the bad lines of one that is not sealed
 * @param given endpoints of all its parts, before any is dropped
 * @param version grows with every part
 */
record ListRow(AudienceList list, long given, long version) {
    static final ListRow ABSENT = new ListRow(AudienceList.getDefaultInstance(), 0, 0);

    boolean absent() {
        return list.getListId() == 0;
    }

    /** Throws ListRefusal unless it is in this state. */
    ListRow in(AudienceList.State state) {
        if (list.getState() != state) {
            throw new ListRefusal(
                    "list_id: " + list.getListId() + " is " + list.getState() + " (expected: " + state + ")");
        }
        return this;
    }
}
