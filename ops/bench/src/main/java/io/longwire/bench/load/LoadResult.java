package io.longwire.bench.load;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What came of a load.
 *
 * @param outcomes messages by outcome
 * @param seconds from the first send to the last answer
 * @param latency nanoseconds from due to answered, one value a call
 */
public record LoadResult(long sent, Map<String, Long> outcomes, double seconds, long beganNanos, Histogram latency) {
    public long accepted() {
        return outcomes.getOrDefault(Target.ACCEPTED, 0L);
    }

    public double acceptedPerSecond() {
        return accepted() / seconds;
    }

    public void writeTo(ObjectNode json) {
        json.put("sent", sent).put("accepted", accepted()).put("seconds", seconds)
                .put("acceptedPerSecond", Math.round(acceptedPerSecond()))
                .put("acceptedP50Micros", latency.getValueAtPercentile(50) / 1000)
                .put("acceptedP99Micros", latency.getValueAtPercentile(99) / 1000);
        outcomes.forEach((outcome, count) -> {
            if (!outcome.equals(Target.ACCEPTED)) {
                json.withObject("/refused").put(outcome, count);
            }
        });
    }
}
