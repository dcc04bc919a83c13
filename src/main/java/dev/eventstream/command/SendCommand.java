package dev.eventstream.command;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import dev.eventstream.bus.BusVisitor;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.NewEvent;
import java.io.IOException;
import java.io.Reader;
import java.util.List;
import net.sourceforge.argparse4j.impl.Arguments;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.jspecify.annotations.Nullable;

/**
 * {@code events send}: stores an event as the application does, and prints its id. Running nodes deliver it. Direct readers get it with the
 * next poll of their node, or at once with a fast bus; readers behind a proxy get it with the next sweep of the outbox.
 */
public final class SendCommand implements Subcommand {
    private static final String STANDARD_INPUT = "-";

    @Override
    public String name() {
        return "send";
    }

    @Override
    public void configure(Subparser parser) {
        parser.help("store an event, which the running nodes deliver");
        parser.description("""
                Stores an event and prints its id.
                The running nodes deliver it, usually within a second or two.""");
        parser.addArgument("channel").metavar("CHANNEL").help("the channel");
        parser.addArgument("type").metavar("TYPE").help("the event's type, such as message");
        parser.addArgument("data")
                .metavar("DATA")
                .nargs("?")
                .setDefault(STANDARD_INPUT)
                .help("the data, as JSON; if it is - or left out, the\nstandard input");
        parser.addArgument("--text").action(Arguments.storeTrue()).help("the data is any text, sent unchanged");
        parser.addArgument("--key")
                .metavar("KEY")
                .help(
                        "an idempotency key; if the channel has an event\nwith this key, nothing is stored, and the id of\nthat event is printed");
        parser.addArgument("--skip-user")
                .metavar("USER")
                .action(Arguments.append())
                .help("a user who does not get the event; may be repeated");
        parser.epilog("Example: events send config.yml orders created '{\"id\":7}'");
    }

    @Override
    public void run(Namespace arguments, OpenLog log, Terminal terminal) {
        ChannelName channel = new ChannelName(arguments.getString("channel"));
        log.requireStored(channel, "only a node can send to it: POST the event to the service instead");
        NewEvent event = event(channel, arguments, data(arguments, log, terminal));
        List<Event> sent = log.publisher().send(List.of(event));
        announce(sent, log.bus(), terminal);
        terminal.line(sent.get(0).id().toString());
    }

    private static NewEvent event(ChannelName channel, Namespace arguments, String data) {
        NewEvent event = NewEvent.text(channel.value(), arguments.getString("type"), data);
        String key = arguments.getString("key");
        if (key != null) {
            event = event.withIdempotencyKey(key);
        }
        List<String> users = arguments.getList("skip_user");
        for (String user : users == null ? List.<String>of() : users) {
            event = event.skippingUser(user);
        }
        return event;
    }

    private static String data(Namespace arguments, OpenLog log, Terminal terminal) {
        String given = arguments.getString("data");
        String data = given.equals(STANDARD_INPUT) ? read(terminal, log.maxDataCharacters()) : given;
        if (!arguments.getBoolean("text")) {
            requireJson(data, log);
        }
        return data;
    }

    /** Reads no more than is needed to see that it is too long. */
    private static String read(Terminal terminal, int maxCharacters) {
        if (terminal.isInteractive()) {
            terminal.note("Type the data; Ctrl-D ends it.");
        }
        StringBuilder text = new StringBuilder();
        char[] buffer = new char[8_192];
        try (Reader input = terminal.input()) {
            for (int count = 0; count >= 0 && text.length() <= maxCharacters; count = input.read(buffer)) {
                text.append(buffer, 0, count);
            }
        } catch (IOException e) {
            throw new CommandFailedException("the standard input cannot be read: " + e.getMessage(), e);
        }
        if (text.length() > maxCharacters) {
            throw new CommandFailedException(
                    "the data is too long; eventStream.limits.dataCharacters allows " + maxCharacters);
        }
        return text.toString().stripTrailing();
    }

    private static void requireJson(String data, OpenLog log) {
        try {
            boolean isEmpty = log.objectMapper()
                    .reader()
                    .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .readTree(data)
                    .isMissingNode();
            if (isEmpty) {
                throw new CommandFailedException("there is no data; give some JSON, such as null, or add --text");
            }
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            throw new CommandFailedException(
                    "the data is not JSON"
                            + (at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr())
                            + "; put it in single quotes, such as '{\"id\":7}', or add --text to send it as it is",
                    e);
        }
    }

    private static void announce(List<Event> sent, @Nullable BusVisitor bus, Terminal terminal) {
        if (bus == null || !bus.carriesEvents()) {
            return;
        }
        try {
            bus.announce(sent);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            terminal.note("The event is stored, but the bus does not accept messages (" + e.getMessage()
                    + "), so the nodes find the event with their next poll (eventStream.pollInterval).");
        }
    }
}
