package io.longwire.keeper.server.config;

import io.longwire.keeper.cluster.Member;
import io.longwire.rpc.keeper.ProcessState;
import java.util.List;
import java.util.Map;

/** The processes that a rollout tells and judges. Thread-safe; may wait for them. */
interface Fleet {
    /** Those of a part that can be asked, by name. */
    List<Member> live(String part);

    /** Whether this start of a process was seen to drain; it may have left since. */
    boolean drained(String member);

    /** What those of the members answer that do, by member. */
    Map<String, ProcessState> states(List<Member> members, boolean values);
}
