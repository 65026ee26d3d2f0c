package io.longwire.cli.operator;

import io.longwire.cli.terminal.KeeperConnection;
import io.longwire.cli.terminal.KeeperRefused;
import io.longwire.cli.terminal.Output;
import io.longwire.cli.terminal.Table;
import io.longwire.cli.terminal.WrongUsage;
import io.longwire.keeper.config.YamlFile;
import io.longwire.keeper.follow.Layers;
import io.longwire.keeper.follow.Mistakes;
import io.longwire.rpc.keeper.ConfigHistoryReply;
import io.longwire.rpc.keeper.ConfigHistoryRequest;
import io.longwire.rpc.keeper.ConfigLayer;
import io.longwire.rpc.keeper.ConfigScope;
import io.longwire.rpc.keeper.ConfigVersion;
import io.longwire.rpc.keeper.DiffConfigReply;
import io.longwire.rpc.keeper.DiffConfigRequest;
import io.longwire.rpc.keeper.EffectiveConfig;
import io.longwire.rpc.keeper.EffectiveValue;
import io.longwire.rpc.keeper.GetConfigVersionRequest;
import io.longwire.rpc.keeper.GetEffectiveRequest;
import io.longwire.rpc.keeper.ListConfigPartsReply;
import io.longwire.rpc.keeper.ListConfigPartsRequest;
import io.longwire.rpc.keeper.PutConfigReply;
import io.longwire.rpc.keeper.PutConfigRequest;
import io.longwire.rpc.keeper.RollbackRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The stored configuration of the parts. */
@Command(name = "config", mixinStandardHelpOptions = true, subcommands = {RolloutCommand.class},
        description = "Configuration that keeper stores for a part: layers of YAML, versions, rollouts. Needs the "
                + "operator's key.")
public final class ConfigCommand implements Runnable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "get, set, diff, history, rollout or rollback is missing");
    }

    @Command(name = "get", mixinStandardHelpOptions = true,
            description = "Shows what holds, with where each value comes from; of one --instance that lives what it "
                    + "runs with.")
    void get(@Mixin KeeperConnection keeper, @Mixin Output output, @Mixin ScopeOptions whose,
            @Parameters(paramLabel = "PART") String part,
            @Option(names = "--at", paramLabel = "VERSION", defaultValue = "0",
                    description = "By the layers of this one (default: in force, or what the --instance runs with).") //
            long version,
            @Option(names = "--layer", description = "Only the layer itself, as it was put.") boolean layer,
            @Option(names = "--all", description = "Defaults, too.") boolean all) {
        if (layer) {
            ConfigVersion found = keeper.ask(PATIENCE, stub -> stub.getVersion(
                    GetConfigVersionRequest.newBuilder().setPart(part).setNumber(version).build()));
            output.print(found, () -> output.write(yaml(found, whose.scope())));
            return;
        }
        EffectiveConfig config = keeper.ask(PATIENCE, stub -> stub.getEffective(GetEffectiveRequest.newBuilder()
                .setPart(part).setScope(whose.scope()).setVersion(version).build()));
        boolean running = version == 0 && config.hasRunning();
        List<EffectiveValue> values = running
                ? config.getRunning().getValuesList()
                : config.getValuesList();
        var table = new Table("KEY", "VALUE", "FROM", "CHANGES");
        List<EffectiveValue> shown = values.stream().filter(one -> all || !one.getSource().equals("default")).toList();
        shown.forEach(one -> table.row(one.getPath(), one.getValue(), one.getPlace().isEmpty()
                ? one.getSource()
                : one.getPlace(), one.getMark().name().toLowerCase(Locale.ROOT)));
        output.line("version " + (running ? config.getRunning().getVersion() : config.getVersion()));
        output.list(shown, table);
    }

    @Command(name = "set", mixinStandardHelpOptions = true,
            description = "Puts a layer, or single values of it (its comments are lost then). It becomes a new version "
                    + "if the part takes it; nothing runs with it before a rollout.")
    void set(@Mixin KeeperConnection keeper, @Mixin Output output, @Mixin ScopeOptions whose,
            @Mixin PutOptions options, @Parameters(index = "0", paramLabel = "PART") String part,
            @Parameters(index = "1..*", paramLabel = "KEY.PATH=VALUE") @Nullable List<String> values) {
        Path file = options.file();
        List<String> given = values == null ? List.of() : values;
        if ((file == null) == given.isEmpty()) {
            throw new WrongUsage("values, --file: " + (file == null ? "none" : "both") + " (expected: one of them)");
        }
        ConfigVersion base = head(keeper, part);
        String yaml = file == null ? changed(yaml(base, whose.scope()), given) : text(file);
        PutConfigReply reply = keeper.ask(PATIENCE, stub -> stub.put(PutConfigRequest.newBuilder().setPart(part)
                .setScope(whose.scope()).setYaml(yaml).setAuthor(keeper.author()).setComment(options.comment())
                .setMadeFrom(base.getNumber()).setCheckOnly(options.check()).setUnproven(options.unproven()).build()));
        if (reply.getMistakesCount() > 0) {
            throw new KeeperRefused(reply.getMistakesList().stream().map(Mistakes::text)
                    .collect(Collectors.joining("\nlongwire: ")));
        }
        output.print(reply, () -> {
            output.write(reply.getDiff());
            RolloutText.waiting(reply.getWaitingKeysList()).forEach(output::line);
            output.line(reply.hasVersion()
                    ? "version " + reply.getVersion().getNumber() + "; `longwire config rollout " + part
                            + "` puts it in force"
                    : "right; nothing was kept");
        });
    }

    @Command(name = "diff", mixinStandardHelpOptions = true, description = "Shows what differs between two versions.")
    void diff(@Mixin KeeperConnection keeper, @Mixin Output output, @Parameters(paramLabel = "PART") String part,
            @Option(names = "--from", defaultValue = "0", description = "Default: the one in force.") long from,
            @Option(names = "--to", defaultValue = "0", description = "Default: the one drafts are made from.") //
            long to) {
        DiffConfigReply reply = keeper.ask(PATIENCE, stub -> stub.diff(DiffConfigRequest.newBuilder().setPart(part)
                .setFrom(from).setTo(to).build()));
        output.print(reply, () -> {
            output.write(reply.getDiff());
            if (reply.getDiff().isEmpty()) {
                output.line("no difference between " + reply.getFrom() + " and " + reply.getTo());
            }
        });
    }

    @Command(name = "history", mixinStandardHelpOptions = true, description = "Lists versions, the newest first.")
    void history(@Mixin KeeperConnection keeper, @Mixin Output output, @Parameters(paramLabel = "PART") String part,
            @Option(names = "--limit", defaultValue = "50", description = "At most 200 (default: 50).") int limit) {
        ConfigHistoryReply reply = keeper.ask(PATIENCE, stub -> stub.history(ConfigHistoryRequest.newBuilder()
                .setPart(part).setLimit(limit).build()));
        var table = new Table("VERSION", "FROM", "AT", "AUTHOR", "IN FORCE", "COMMENT");
        reply.getVersionsList().forEach(one -> table.row(one.getNumber(), one.getMadeFrom(),
                Output.time(Instant.ofEpochMilli(one.getCreatedMs())), one.getAuthor(),
                one.getNumber() == reply.getInForce() ? "yes" : "", one.getComment()));
        output.list(reply.getVersionsList(), table);
    }

    @Command(name = "rollback", mixinStandardHelpOptions = true,
            description = "Takes a version back from every process at once: ends a rollout under way, else puts the "
                    + "one of before in force. After a rollback, name the version to go further back.")
    void rollback(@Mixin KeeperConnection keeper, @Mixin Output output,
            @Parameters(paramLabel = "PART") String part,
            @Option(names = "--to", defaultValue = "0", description = "A version (default: the one of before).") //
            long to, @Option(names = "--reason", defaultValue = "", description = "For people.") String reason) {
        var request = RollbackRequest.newBuilder().setPart(part).setVersion(to).setAuthor(keeper.author())
                .setReason(reason);
        if (to == 0) {
            seen(keeper, part, request);
        }
        var rollout = keeper.ask(PATIENCE, stub -> stub.rollback(request.build()));
        output.print(rollout, () -> output.line(RolloutText.line(rollout)));
    }

    // What is to be taken back: a command that is repeated, or comes after keeper did it by itself, takes nothing else.
    private static void seen(KeeperConnection keeper, String part, RollbackRequest.Builder request) {
        ListConfigPartsReply.Part now = keeper.ask(PATIENCE, stub -> stub.listParts(ListConfigPartsRequest
                .getDefaultInstance())).getPartsList().stream().filter(one -> one.getPart().equals(part)).findFirst()
                .orElse(ListConfigPartsReply.Part.getDefaultInstance());
        switch (now.getRollout().getState()) {
            case OBSERVING, STEPPING, BAKING, HALTED -> request.setRollout(now.getRollout().getNumber());
            case ROLLED_BACK -> throw new WrongUsage("--to: none, and version " + now.getRollout().getVersion()
                    + " was the last one rolled back, by " + now.getRollout().getEndedBy() + "; " + now.getInForce()
                    + " is in force (expected: a version, to go further back)");
            default -> request.setInForce(now.getInForce());
        }
    }

    private static ConfigVersion head(KeeperConnection keeper, String part) {
        long head = keeper.ask(PATIENCE, stub -> stub.diff(DiffConfigRequest.newBuilder().setPart(part).build()))
                .getTo();
        return head == 0
                ? ConfigVersion.getDefaultInstance()
                : keeper.ask(PATIENCE, stub -> stub.getVersion(
                        GetConfigVersionRequest.newBuilder().setPart(part).setNumber(head).build()));
    }

    private static String yaml(ConfigVersion version, ConfigScope scope) {
        return version.getLayersList().stream().filter(layer -> layer.getScope().equals(scope))
                .map(ConfigLayer::getYaml).findFirst().orElse("");
    }

    private static String changed(String yaml, List<String> values) {
        YamlFile file = YamlFile.of(Layers.CLUSTER, yaml);
        values.forEach(file::set);
        return YamlFile.print(file.values());
    }

    private static String text(Path file) {
        try {
            return file.toString().equals("-")
                    ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
                    : Files.readString(file);
        } catch (IOException unreadable) {
            throw new WrongUsage("--file: " + file + " (expected: a file that can be read)");
        }
    }
}
