package dev.eventstream.command;

import com.google.common.base.Stopwatch;
import com.google.common.base.Ticker;
import dev.eventstream.channel.ChannelPattern;
import dev.eventstream.retention.RetentionRule;
import dev.eventstream.retention.RetentionRules;
import dev.eventstream.store.ChannelStats;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.TrimLimit;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntSupplier;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;

/**
 * {@code events trim}: removes at once what {@code eventStream.retention} does not keep. Works in bounded transactions, oldest events
 * first, so it can be stopped at any time and may run beside the nodes.
 */
public final class TrimCommand implements Subcommand {
    /** Most events that one transaction removes. */
    private static final int BATCH = 1_000;

    /** Channels that one query reads. */
    private static final int PAGE = 500;

    private static final Duration REPORT_EVERY = Duration.ofSeconds(2);

    @Override
    public String name() {
        return "trim";
    }

    @Override
    public void configure(Subparser parser) {
        parser.help("remove what eventStream.retention does not keep");
        parser.description("""
                Removes at once the events that eventStream.retention does not keep,
                without the pauses that the nodes make. You can stop it at any time.
                Clients that resume from a removed position get stream-reset.""");
    }

    @Override
    public void run(Namespace arguments, OpenLog log, Terminal terminal) {
        Run run = new Run(log.store(), log.retention(), log.clock(), terminal);
        run.removeOld();
        if (!log.retention().rules().isEmpty()) {
            run.removeByRules();
        }
        run.report();
    }

    /** One run, and what it has removed so far. */
    private static final class Run {
        private final EventStore store;
        private final RetentionRules rules;
        private final Clock clock;
        private final Terminal terminal;
        private final Stopwatch sinceReport = Stopwatch.createStarted(Ticker.systemTicker());
        private final Map<ChannelPattern, Long> removedByRule = new LinkedHashMap<>();
        private long removedOld;
        private long removed;

        Run(EventStore store, RetentionRules rules, Clock clock, Terminal terminal) {
            this.store = store;
            this.rules = rules;
            this.clock = clock;
            this.terminal = terminal;
            rules.rules().forEach(rule -> removedByRule.put(rule.channels(), 0L));
        }

        void removeOld() {
            Instant before = clock.instant().minus(rules.age());
            removedOld = removeAll(() -> store.trim(before, BATCH));
        }

        void removeByRules() {
            String last = "";
            List<ChannelStats> page;
            do {
                page = store.stats(last, PAGE);
                for (ChannelStats channel : page) {
                    removeByRule(channel);
                    last = channel.channel().value();
                }
            } while (page.size() == PAGE);
        }

        private void removeByRule(ChannelStats channel) {
            Instant now = clock.instant();
            rules.ruleFor(channel.channel())
                    .filter(rule -> rule.isExceededBy(channel, now))
                    .ifPresent(rule -> {
                        TrimLimit keep = rule.keep(now);
                        long count = removeAll(() -> store.trim(channel.channel(), keep, BATCH));
                        removedByRule.merge(rule.channels(), count, Long::sum);
                    });
        }

        private long removeAll(IntSupplier trim) {
            long count = 0;
            int batch = BATCH;
            while (batch == BATCH) {
                batch = trim.getAsInt();
                count += batch;
                removed += batch;
                reportProgress();
            }
            return count;
        }

        private void reportProgress() {
            if (sinceReport.elapsed().compareTo(REPORT_EVERY) >= 0) {
                terminal.note(number(removed) + " events removed so far");
                sinceReport.reset().start();
            }
        }

        void report() {
            row("events removed", "because");
            row(number(removedOld), "older than " + shown(rules.age()) + " (eventStream.retention.age)");
            for (RetentionRule rule : rules.rules()) {
                row(
                        number(removedByRule.getOrDefault(rule.channels(), 0L)),
                        "channels \"" + Terminal.printable(rule.channels().toString()) + "\" keep "
                                + (rule.events() == Long.MAX_VALUE
                                        ? ""
                                        : "the newest " + number(rule.events()) + " of ")
                                + shown(rule.age()) + " (eventStream.retention)");
            }
        }

        private void row(String count, String reason) {
            terminal.line(String.format(Locale.ROOT, "%14s  %s", count, reason));
        }

        private static String number(long number) {
            return String.format(Locale.ROOT, "%,d", number);
        }

        private static String shown(Duration age) {
            return age.toString().substring("P".length()).replaceFirst("^T", "").toLowerCase(Locale.ROOT);
        }
    }
}
