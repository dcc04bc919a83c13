package dev.eventstream.benchmarks;

import dev.eventstream.benchmarks.question.Batches;
import dev.eventstream.benchmarks.question.BehindPushpin;
import dev.eventstream.benchmarks.question.Buses;
import dev.eventstream.benchmarks.question.CatchUp;
import dev.eventstream.benchmarks.question.Channels;
import dev.eventstream.benchmarks.question.FanOut;
import dev.eventstream.benchmarks.question.Generator;
import dev.eventstream.benchmarks.question.Idle;
import dev.eventstream.benchmarks.question.Inner;
import dev.eventstream.benchmarks.question.Latency;
import dev.eventstream.benchmarks.question.OneByOne;
import dev.eventstream.benchmarks.question.Publish;
import dev.eventstream.benchmarks.question.Question;
import dev.eventstream.benchmarks.question.StartUp;
import dev.eventstream.benchmarks.question.log.Growth;
import dev.eventstream.benchmarks.question.log.RoundTrips;
import dev.eventstream.benchmarks.question.log.Senders;
import dev.eventstream.benchmarks.question.log.Steady;
import java.util.List;

/** All questions, in the order in which they are asked. */
final class Questions {
    static final List<Question> ALL = List.of(
            new Generator(),
            new FanOut(),
            new OneByOne(),
            new Channels(),
            new Batches(),
            new Latency(),
            new Publish(),
            new Idle(),
            new CatchUp(),
            new BehindPushpin(),
            new Senders(),
            new RoundTrips(),
            new Growth(),
            new Steady(),
            new Buses(),
            new StartUp(),
            new Inner());

    private Questions() {}
}
