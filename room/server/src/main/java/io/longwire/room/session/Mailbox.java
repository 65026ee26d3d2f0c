package io.longwire.room.session;

import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jctools.queues.MpscArrayQueue;
import org.jctools.queues.MpscUnboundedArrayQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How other threads reach a loop: two queues and one wake-up for all that waits in them. Requests are bounded and
 * refused when the queue is full. Answers to what the loop itself has asked are never refused; their number is
 * bounded by what the loop may have under way (logins, fetches, batches of ends). Thread-safe; tasks run on the loop.
 */
public final class Mailbox {
    private static final Logger LOG = LoggerFactory.getLogger(Mailbox.class);
    private static final int RUN_AT_ONCE = 1024;

    private final Queue<Runnable> requests;
    private final Queue<Runnable> answers = new MpscUnboundedArrayQueue<>(1024);
    private final AtomicBoolean awake = new AtomicBoolean();
    private final LoopThread thread;
    private final Runnable endOfBatch;
    private final Runnable onBug;
    private final Runnable drain = this::drain; // one for all wake-ups

    /**
     * @param endOfBatch runs after each batch of tasks
     * @param onBug counts a task that threw
     */
    Mailbox(LoopThread thread, int capacity, Runnable endOfBatch, Runnable onBug) {
        this.requests = new MpscArrayQueue<>(capacity);
        this.thread = thread;
        this.endOfBatch = endOfBatch;
        this.onBug = onBug;
    }

    /** Hands over a request; false = the queue is full and nothing will happen. */
    public boolean offer(Runnable request) {
        if (!requests.offer(request)) {
            return false;
        }
        wake();
        return true;
    }

    /** Hands over an answer the loop waits for. */
    public void answer(Runnable answer) {
        answers.add(answer);
        wake();
    }

    /** A piece of a long job of the loop's own: runs after what is at hand, sockets included. */
    public void later(Runnable piece) {
        thread.later(() -> {
            run(piece);
            run(endOfBatch);
        });
    }

    private void wake() {
        if (awake.compareAndSet(false, true)) {
            thread.execute(drain);
        }
    }

    private void drain() {
        awake.set(false); // before the queues are read: who comes later wakes again
        int left = RUN_AT_ONCE;
        while (left > 0) {
            Runnable task = answers.poll();
            if (task == null) {
                task = requests.poll();
            }
            if (task == null) {
                break;
            }
            run(task);
            left--;
        }
        run(endOfBatch);
        if (left == 0) {
            wake();
        }
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | AssertionError bug) {
            onBug.run();
            LOG.error("a task of a room loop failed; the loop goes on", bug);
        }
    }
}
