package io.longwire.bench.load;

import io.longwire.keeper.service.Service;
import io.longwire.rpc.saver.AppendItem;
import io.longwire.rpc.saver.EndItem;
import io.longwire.rpc.saver.How;
import io.longwire.saver.client.SaverClient;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Ends messages that wait, each once, straight at a saver, as a room passes acks on. */
public final class EndTarget implements Target {
    private static final int ROOM = 1;

    private final SaverClient saver;
    private final List<AppendItem> waiting;
    private final Service service;

    /** @param waiting the message of each number */
    public EndTarget(Service service, List<AppendItem> waiting) {
        this.saver = new SaverClient(service.rpc(), service.cluster());
        this.waiting = List.copyOf(waiting);
        this.service = service;
    }

    @Override
    public CompletableFuture<String[]> send(int[] to, int run, long firstNumber, long nanos) {
        AppendItem message = waiting.get((int) firstNumber);
        long now = service.clock().wallMillis();
        EndItem item = EndItem.newBuilder().setKind(EndItem.Kind.ENDED).setEndpointId(message.getEndpointId())
                .setMessageId(message.getMessageId()).setAppId(message.getAppId()).setHow(How.ACKED).setAtMs(now)
                .setRoutedMs(now).setWrittenMs(now).setAttempts(1).setRoomIncarnation(ROOM).build();
        return saver.end(item).thenApply(result -> new String[]{switch (result.getCode()) {
            case ENDED_NOW -> ACCEPTED;
            default -> result.getCode().name();
        }});
    }

    @Override
    public void close() {
        saver.close();
    }
}
