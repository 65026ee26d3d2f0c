package io.longwire.coordinator.redis;

import java.util.HashMap;
import java.util.Map;

/**
 * What a node says of itself in INFO.
 *
 * @param replicas how many are connected and have caught up
 */
record RedisNode(String replicationId, String role, String evictionPolicy, boolean loading, int replicas) {
    static RedisNode parse(String info) {
        Map<String, String> lines = new HashMap<>();
        info.lines().forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0) {
                lines.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
        });
        return new RedisNode(lines.getOrDefault("master_replid", ""), lines.getOrDefault("role", ""),
                lines.getOrDefault("maxmemory_policy", "noeviction"), "1".equals(lines.get("loading")),
                replicas(lines));
    }

    private static int replicas(Map<String, String> lines) {
        int online = 0;
        for (Map.Entry<String, String> line : lines.entrySet()) {
            if (line.getKey().matches("slave\\d+") && line.getValue().contains("state=online")) {
                online++;
            }
        }
        return online;
    }

    /** Empty, or why this node must not be used. */
    String objection() {
        if (!evictionPolicy.equals("noeviction")) {
            return "maxmemory-policy: " + evictionPolicy + " (expected: noeviction; anything else loses uplinks)";
        }
        if (!role.equals("master")) {
            return "role: " + role + " (expected: master)";
        }
        if (loading) {
            return "it is still loading its data";
        }
        return replicationId.isEmpty() ? "master_replid: missing (expected: a replication id in INFO)" : "";
    }
}
