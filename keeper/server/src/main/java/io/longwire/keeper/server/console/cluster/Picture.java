package io.longwire.keeper.server.console.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.server.console.web.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Every process at one moment, as the pages read it, and what the sums were before. Immutable.
 *
 * @param number grows with each
 * @param json one event of the live stream
 * @param points the newest last
 */
record Picture(long number, byte[] json, List<Point> points) {
    static final Picture EMPTY = new Picture(0, Json.bytes(Json.object().put("number", 0)), List.of());
    private static final List<String> SUMS = List.of("room sessions", "room logins", "center accepted", "room written",
            "room acked");

    /** The sums over all processes. */
    record Point(long atMillis, double[] sums) {
    }

    Picture {
        points = List.copyOf(points);
    }

    static Picture after(Picture before, List<Look> looks, long epoch, long wallMillis) {
        var sums = new double[SUMS.size()];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = sum(looks, SUMS.get(i));
        }
        var points = new ArrayList<>(before.points);
        if (points.size() >= Lookout.POINTS) {
            points.removeFirst();
        }
        points.add(new Point(wallMillis, sums));
        long number = before.number + 1;
        ObjectNode json = Json.object().put("number", number).put("at_ms", wallMillis).put("epoch", epoch);
        json.set("sums", object(sums));
        var members = json.putArray("members");
        looks.forEach(look -> put(members.addObject(), look));
        return new Picture(number, Json.bytes(json), points);
    }

    /** The points, for a page that has just been opened. */
    byte[] history() {
        ObjectNode json = Json.object();
        var list = json.putArray("points");
        for (Point point : points) {
            list.add(object(point.sums).put("at_ms", point.atMillis));
        }
        return Json.bytes(json);
    }

    private static ObjectNode object(double[] sums) {
        ObjectNode node = Json.object();
        for (int i = 0; i < sums.length; i++) {
            node.put(SUMS.get(i).substring(SUMS.get(i).indexOf(' ') + 1), rounded(sums[i]));
        }
        return node;
    }

    private static double sum(List<Look> looks, String partAndName) {
        int space = partAndName.indexOf(' ');
        String part = partAndName.substring(0, space);
        String name = partAndName.substring(space + 1);
        return looks.stream().filter(look -> look.member().part().equals(part))
                .mapToDouble(look -> look.figures().getOrDefault(name, 0.0)).sum();
    }

    private static void put(ObjectNode node, Look look) {
        Member member = look.member();
        node.put("part", member.part()).put("instance", member.instance()).put("index", member.index())
                .put("host", member.host()).put("idc", member.idc()).put("rpc", member.rpcAddress())
                .put("admin", member.adminAddress()).put("started_ms", member.startedMillis())
                .put("draining", look.draining()).put("version", look.version()).put("health", look.health());
        var troubles = node.putArray("troubles");
        look.troubles().forEach(troubles::add);
        var figures = node.putObject("figures");
        new TreeMap<>(look.figures()).forEach((name, value) -> figures.put(name, rounded(value)));
        var attributes = node.putObject("attributes");
        for (Map.Entry<String, String> attribute : new TreeMap<>(member.attributes()).entrySet()) {
            attributes.put(attribute.getKey(), attribute.getValue());
        }
    }

    private static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }
}
