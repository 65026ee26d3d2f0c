package io.longwire.keeper.agent.order;

import com.google.protobuf.ByteString;
import io.grpc.stub.StreamObserver;
import io.longwire.rpc.agent.OrderEvent;
import io.longwire.rpc.agent.ProcessReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is told of one order. One that nobody hears any more is done all the same: a restart that stopped in its middle
 * because its caller went away would be worse. One thread.
 */
final class Events {
    private static final Logger LOG = LoggerFactory.getLogger(Events.class);

    private final StreamObserver<OrderEvent> to;
    private boolean heard = true;

    Events(StreamObserver<OrderEvent> to) {
        this.to = to;
    }

    void step(String step, String text) {
        tell(OrderEvent.newBuilder().setStep(step).setText(text).build());
    }

    void data(String step, ByteString data) {
        tell(OrderEvent.newBuilder().setStep(step).setData(data).build());
    }

    void done(String step, ProcessReport process) {
        tell(OrderEvent.newBuilder().setStep(step).setProcess(process).setDone(true).build());
        if (heard) {
            to.onCompleted();
        }
    }

    private void tell(OrderEvent event) {
        if (heard) {
            try {
                to.onNext(event);
            } catch (RuntimeException gone) {
                heard = false;
                LOG.info("nobody hears of {} any more: {}", event.getStep(), gone.toString());
            }
        }
    }
}
