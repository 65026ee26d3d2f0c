package io.longwire.cli.fleet;

import io.grpc.BindableService;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.stub.StreamObserver;
import io.longwire.cli.LongwireCli;
import io.longwire.keeper.trust.SigningKey;
import io.longwire.rpc.agent.AgentGrpc;
import io.longwire.rpc.agent.DeployChunk;
import io.longwire.rpc.agent.DeployReply;
import io.longwire.rpc.agent.Order;
import io.longwire.rpc.agent.OrderEvent;
import io.longwire.rpc.agent.ProcessReport;
import io.longwire.rpc.operate.ListProcessesReply;
import io.longwire.rpc.operate.ListProcessesRequest;
import io.longwire.rpc.operate.OperateGrpc;
import io.longwire.rpc.operate.ProcessInfo;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What is sent to hosts, by a keeper that writes down orders and an agent, of h1, that takes any version. */
final class HostCommandIT {
    @TempDir
    private Path place;
    private final List<Order> orders = new CopyOnWriteArrayList<>();
    private final List<String> versions = new CopyOnWriteArrayList<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final List<Server> servers = new ArrayList<>();
    private String keeper = "";

    @BeforeEach
    void start() throws IOException {
        keeper = serve(new Keeper(serve(new Agent())));
    }

    private String serve(BindableService service) throws IOException {
        Server server = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create()).addService(service).build()
                .start();
        servers.add(server);
        return "127.0.0.1:" + server.getPort();
    }

    @AfterEach
    void stop() {
        servers.forEach(Server::shutdownNow);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"host stop h1 room-1 | stop | 5m", "host restart h1 room-1 | restart | 5m",
            "host stop h1 room-1 --within 3s | stop | 3s", "host restart h1 room-1 --within 3s | restart | 3s"})
    void givesAProcessTheTimeOfADrainToEndUnlessToldOtherwise(String command, String verb, String within) {
        assertThat(run(command)).as("%s", err).isZero();
        assertThat(orders).singleElement().satisfies(order -> {
            assertThat(order.getVerb()).isEqualTo(verb);
            assertThat(order.getWithinMs()).isEqualTo(Duration.parse("PT" + within).toMillis());
        });
    }

    @Test
    void sendsAVersionToTheHostsThatWereNamed() throws IOException {
        assertThat(deploy("--host h1")).as("%s", err).isZero();
        assertThat(versions).containsExactly("1.0");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"--host h1,h9 | [h9]", "--host h8,h9 | [h8, h9]"})
    void sendsAVersionToNoneIfOneThatWasNamedHasNoAgent(String hosts, String missing) throws IOException {
        assertThat(deploy(hosts)).isEqualTo(2);
        assertThat(err.toString())
                .isEqualTo("longwire: --host: " + missing + " (expected: of [h1], the hosts with an agent)\n");
        assertThat(versions).isEmpty();
    }

    private int deploy(String hosts) throws IOException {
        Path key = place.resolve("operator.pem");
        SigningKey.create(key);
        return run(
                "host deploy " + Files.writeString(place.resolve("a.zip"), "an archive") + " --version-to 1.0 --sign "
                        + key + " " + hosts);
    }

    private int run(String command) {
        return LongwireCli.run(new PrintWriter(out, true), new PrintWriter(err, true),
                (command + " --key lwadmin_x --keeper " + keeper).split(" ", -1));
    }

    private final class Keeper extends OperateGrpc.OperateImplBase {
        private final String agent;

        Keeper(String agent) {
            this.agent = agent;
        }

        @Override
        public void listProcesses(ListProcessesRequest request, StreamObserver<ListProcessesReply> answer) {
            answer.onNext(ListProcessesReply.newBuilder().addProcesses(ProcessInfo.newBuilder().setPart("agent")
                    .setRpcAddress(agent).putAttributes("host", "h1")).build());
            answer.onCompleted();
        }

        @Override
        public void order(Order request, StreamObserver<OrderEvent> answer) {
            orders.add(request);
            answer.onNext(OrderEvent.newBuilder().setStep(request.getVerb()).setDone(true)
                    .setProcess(ProcessReport.newBuilder().setName(request.getProcess())).build());
            answer.onCompleted();
        }
    }

    private final class Agent extends AgentGrpc.AgentImplBase {
        @Override
        public StreamObserver<DeployChunk> deploy(StreamObserver<DeployReply> answer) {
            versions.add("1.0");
            return new StreamObserver<>() {
                @Override
                public void onNext(DeployChunk chunk) {
                }

                @Override
                public void onError(Throwable gone) {
                    versions.remove("1.0");
                }

                @Override
                public void onCompleted() {
                    answer.onNext(DeployReply.newBuilder().setVersion("1.0").build());
                    answer.onCompleted();
                }
            };
        }
    }
}
