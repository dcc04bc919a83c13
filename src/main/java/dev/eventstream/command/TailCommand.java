package dev.eventstream.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.store.EventStoreException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import net.sourceforge.argparse4j.impl.Arguments;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;

/**
 * {@code events tail}: prints the events of some channels as they are committed, each once and in the order of its channel. It reads the log,
 * so it also shows events that are hidden from some users. A failure of the database only delays it.
 */
public final class TailCommand implements Subcommand {
    private static final long PAUSE_MILLIS = 250;

    @Override
    public String name() {
        return "tail";
    }

    @Override
    public void configure(Subparser parser) {
        parser.help("print events as they are committed");
        parser.description("""
                Prints events as they are committed: id, channel, type and data.
                Ends when all channels are finished, or with Ctrl-C.
                To resume, give the last id of each channel to --from.""");
        parser.addArgument("channels").metavar("CHANNEL").nargs("+").help("the channels");
        parser.addArgument("--from")
                .metavar("POSITION")
                .setDefault(TailStart.NOW)
                .help(
                        "where to begin: now (the default), all,\nlast:NUMBER, or after an id, such as k3f9x2-41;\nif there are several channels, after positions\nsuch as orders=k3f9x2-41,alerts=m1n2b3-7");
        parser.addArgument("--count")
                .metavar("NUMBER")
                .type(Long.class)
                .choices(Arguments.range(1L, Long.MAX_VALUE))
                .setDefault(Long.MAX_VALUE)
                .help("end after this many events; by default, do not end");
        parser.addArgument("--json").action(Arguments.storeTrue()).help("print one JSON object per line");
        parser.epilog("Example: events tail config.yml orders --from last:10");
    }

    @Override
    public void run(Namespace arguments, OpenLog log, Terminal terminal) {
        List<ChannelName> channels = arguments.<String>getList("channels").stream()
                .map(ChannelName::new)
                .distinct()
                .toList();
        channels.forEach(channel ->
                log.requireStored(channel, "its events are not in the log; open a stream of the service instead"));
        LogTail tail =
                new LogTail(log.store(), TailStart.positions(arguments.getString("from"), channels, log.store()));
        follow(tail, new Printer(terminal, channels, arguments, log.objectMapper()), terminal);
    }

    private static void follow(LogTail tail, Printer printer, Terminal terminal) {
        CountDownLatch never = new CountDownLatch(1);
        boolean isRunning = tail.round(printer); // a database that does not answer at first ends the command
        boolean isFailing = false;
        try {
            while (isRunning && !tail.isDone() && !terminal.isClosed()) {
                boolean unused = never.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
                try {
                    isRunning = tail.round(printer);
                    if (isFailing) {
                        terminal.note("The log can be read again; nothing was missed.");
                    }
                    isFailing = false;
                } catch (EventStoreException e) {
                    if (!isFailing) {
                        terminal.note("Waiting for the database: " + e.getMessage());
                    }
                    isFailing = true;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Prints what the tail finds. */
    private static final class Printer implements LogTail.Reader {
        private final Terminal terminal;
        private final String format;
        private final boolean isJson;
        private final ObjectMapper objectMapper;
        private long left;

        Printer(Terminal terminal, List<ChannelName> channels, Namespace arguments, ObjectMapper objectMapper) {
            this.terminal = terminal;
            this.isJson = arguments.getBoolean("json");
            this.left = arguments.getLong("count");
            this.objectMapper = objectMapper;
            int longest = channels.stream()
                    .mapToInt(name -> name.value().length())
                    .max()
                    .orElse(1);
            this.format = "%-12s  %-" + Math.min(40, longest) + "s  %-12s  %s";
        }

        @Override
        public boolean event(Event event) {
            terminal.line(isJson ? json(event) : text(event));
            left--;
            return left > 0 && !terminal.isClosed();
        }

        private String text(Event event) {
            return String.format(
                    Locale.ROOT,
                    format,
                    event.id(),
                    Terminal.printable(event.channel().value()),
                    Terminal.printable(event.type().value()),
                    Terminal.printable(event.data()));
        }

        private String json(Event event) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("channel", event.channel().value());
            fields.put("id", event.id().toString());
            fields.put("type", event.type().value());
            fields.put("text", event.data());
            if (!event.skipUsers().isEmpty()) {
                fields.put("skipUsers", event.skipUsers());
            }
            try {
                return objectMapper.writeValueAsString(fields);
            } catch (JsonProcessingException e) { // impossible: texts only
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public boolean reset(ChannelName channel, EventId position, EventId newest) {
            terminal.note("Channel \"" + channel + "\": " + position
                    + " is not in the log any more, so events are missing here;" + " continuing after " + newest + ".");
            return true;
        }

        @Override
        public boolean end(ChannelName channel) {
            terminal.note("Channel \"" + channel + "\" is finished.");
            return true;
        }
    }
}
