package io.longwire.cli.product;

import io.longwire.center.client.Broadcast;
import io.longwire.cli.terminal.WrongUsage;
import io.longwire.rpc.audience.Audience;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Who gets a broadcast, as options. */
final class AudienceOptions {
    @Option(names = "--audience", paramLabel = "JSON|@FILE",
            description = "As in the API, e.g. '{\"app_version\": {\"ge\": 3000}}' (default: everybody).")
    private String json = "";

    @Option(names = "--tag", paramLabel = "TAG", description = "Who has the tag; several: who has one of them.")
    private List<String> tags = new ArrayList<>();

    @Option(names = "--topic", paramLabel = "TOPIC",
            description = "Who subscribed to the topic; several: to one of them.")
    private List<String> topics = new ArrayList<>();

    @Option(names = "--list", paramLabel = "LIST", description = "A list that was uploaded: longwire list.")
    private String list = "";

    /** Without a payload still. */
    Broadcast broadcast() {
        if (!list.isEmpty()) {
            if (!json.isEmpty() || !tags.isEmpty() || !topics.isEmpty()) {
                throw new WrongUsage("--list: with --audience, --tag or --topic (expected: alone)");
            }
            return Broadcast.toList(list);
        }
        if (!json.isEmpty() && !(tags.isEmpty() && topics.isEmpty())) {
            throw new WrongUsage("--audience: with --tag or --topic (expected: alone)");
        }
        if (!json.isEmpty()) {
            return written();
        }
        var any = new ArrayList<Audience>();
        tags.forEach(tag -> any.add(Audience.newBuilder().setTag(tag).build()));
        topics.forEach(topic -> any.add(Audience.newBuilder().setTopic(topic).build()));
        if (any.isEmpty()) {
            return Broadcast.toAll();
        }
        return Broadcast.to(any.size() == 1 ? any.getFirst() : Audience.newBuilder().addAllAny(any).build());
    }

    private Broadcast written() {
        String text = json.startsWith("@") ? GivenFile.text("--audience", json.substring(1)) : json;
        try {
            return Broadcast.to(text);
        } catch (IllegalArgumentException wrong) {
            throw new WrongUsage("--" + wrong.getMessage());
        }
    }
}
