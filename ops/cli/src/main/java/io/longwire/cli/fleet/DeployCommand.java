package io.longwire.cli.fleet;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.longwire.cli.terminal.Output;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.config.ConfigException;
import io.longwire.keeper.trust.OrderSigner;
import io.longwire.keeper.trust.SigningKey;
import io.longwire.rpc.agent.AgentGrpc.AgentStub;
import io.longwire.rpc.agent.DeployChunk;
import io.longwire.rpc.agent.DeployReply;
import io.longwire.rpc.agent.SignedManifest;
import io.longwire.rpc.agent.VersionManifest;
import io.longwire.rpc.operate.ListProcessesRequest;
import io.longwire.rpc.operate.ProcessInfo;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Signs a version and sends it to hosts. Nothing is started by it. */
@Command(name = "deploy", mixinStandardHelpOptions = true, description = "Signs a version and sends it to hosts. "
        + "Nothing is started by it.")
public final class DeployCommand implements Runnable {
    private static final int CHUNK_BYTES = 256 << 10;
    private static final long WAIT_NANOS = 1_000_000;

    @Mixin
    private KeeperAt keeper = new KeeperAt();

    @Mixin
    private Output output = new Output();

    @Parameters(index = "0", paramLabel = "ARCHIVE", description = "A zip file with lib/*.jar in it.")
    private Path archive = Path.of("longwire.zip");

    @Option(names = "--version-to", paramLabel = "VERSION", required = true, description = "Its name.")
    private String version = "";

    @Option(names = "--sign", paramLabel = "FILE", required = true,
            description = "An operator's key, made by `longwire host key FILE`.")
    private Path key = Path.of("operator.pem");

    @Option(names = "--host", paramLabel = "HOST", split = ",",
            description = "To these hosts (default: to all). To none if one of them has no agent now.")
    private List<String> hosts = List.of();

    /** What became of it at one host, as JSON. */
    record Deployed(String host, String version, boolean already, int files) {
    }

    @Override
    public void run() {
        SignedManifest manifest = new OrderSigner(SigningKey.read(key), Clock.system()).manifest(manifest());
        List<ProcessInfo> agents = keeper.call(stub -> stub.listProcesses(ListProcessesRequest.newBuilder()
                .setPart("agent").build())).getProcessesList();
        List<String> known = agents.stream().map(DeployCommand::host).toList();
        List<String> missing = hosts.stream().filter(host -> !known.contains(host)).toList();
        if (agents.isEmpty() || !missing.isEmpty()) {
            throw new ConfigException("--host: " + missing + " (expected: of " + known + ", the hosts with an agent)");
        }
        List<ProcessInfo> chosen = agents.stream().filter(agent -> hosts.isEmpty() || hosts.contains(host(agent)))
                .toList();
        for (ProcessInfo agent : chosen) {
            DeployReply reply = KeeperAt.agent(agent.getRpcAddress(), stub -> send(stub, manifest));
            var deployed = new Deployed(host(agent), reply.getVersion(), reply.getAlready(), reply.getFiles());
            output.print(deployed, () -> output.line(deployed.host() + ": " + deployed.version()
                    + (deployed.already() ? " was there" : ", " + deployed.files() + " files")));
        }
    }

    private VersionManifest manifest() {
        try (var in = new DigestInputStream(Files.newInputStream(archive), MessageDigest.getInstance("SHA-256"))) {
            long size = in.transferTo(java.io.OutputStream.nullOutputStream());
            return VersionManifest.newBuilder().setVersion(version).setSize(size)
                    .setSha256(ByteString.copyFrom(in.getMessageDigest().digest()))
                    .setMadeMs(Clock.system().wallMillis()).build();
        } catch (IOException unreadable) {
            throw new ConfigException("ARCHIVE: " + archive + ": " + unreadable + " (expected: a zip file)");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("SHA-256 (expected: a JDK that has it)", impossible);
        }
    }

    private DeployReply send(AgentStub stub, SignedManifest manifest) {
        var sending = new Sending();
        stub.deploy(sending);
        try (InputStream in = Files.newInputStream(archive)) {
            sending.send(DeployChunk.newBuilder().setManifest(manifest).build());
            for (byte[] bytes = in.readNBytes(CHUNK_BYTES); bytes.length > 0; bytes = in.readNBytes(CHUNK_BYTES)) {
                sending.send(DeployChunk.newBuilder().setData(ByteString.copyFrom(bytes)).build());
            }
            return sending.finish();
        } catch (IOException unreadable) {
            throw new ConfigException("ARCHIVE: " + archive + ": " + unreadable + " (expected: a zip file)");
        }
    }

    private static String host(ProcessInfo agent) {
        return agent.getAttributesOrDefault("host", "");
    }

    /** Sends as fast as the connection takes it, and hears at once when the agent refuses. */
    private static final class Sending implements ClientResponseObserver<DeployChunk, DeployReply> {
        private final CompletableFuture<ClientCallStreamObserver<DeployChunk>> call = new CompletableFuture<>();
        private final CompletableFuture<DeployReply> reply = new CompletableFuture<>();

        @Override
        public void beforeStart(ClientCallStreamObserver<DeployChunk> stream) {
            call.complete(stream);
        }

        @Override
        public void onNext(DeployReply answer) {
            reply.complete(answer);
        }

        @Override
        public void onError(Throwable refused) {
            reply.completeExceptionally(refused);
        }

        @Override
        public void onCompleted() {
            reply.completeExceptionally(new IllegalStateException("agent: ended without an answer"));
        }

        void send(DeployChunk chunk) {
            var stream = call.join();
            while (!stream.isReady() && !reply.isDone()) {
                LockSupport.parkNanos(WAIT_NANOS);
            }
            if (!reply.isDone()) {
                stream.onNext(chunk);
            }
        }

        DeployReply finish() {
            if (!reply.isDone()) {
                call.join().onCompleted();
            }
            try {
                return reply.join();
            } catch (CompletionException failed) {
                if (failed.getCause() instanceof StatusRuntimeException refused) {
                    throw refused;
                }
                throw failed;
            }
        }
    }
}
