package dev.eventstream.command;

import com.google.common.base.Stopwatch;
import dev.eventstream.bus.BusVisitor;
import dev.eventstream.bus.NodeWatch;
import dev.eventstream.store.EventStoreException;
import java.time.Duration;
import net.sourceforge.argparse4j.impl.Arguments;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.jspecify.annotations.Nullable;

/**
 * {@code events top}: shows the nodes with their streams and lag, and the channels with the most events, refreshed every two seconds. It
 * listens to what the nodes announce on the bus, and reads the log; no node is asked.
 */
public final class TopCommand implements Subcommand {
    private static final Duration REFRESH = Duration.ofSeconds(2);

    @Override
    public String name() {
        return "top";
    }

    @Override
    public void configure(Subparser parser) {
        parser.help("show nodes, streams, lag and busy channels");
        parser.description("""
                Shows the nodes with their direct streams and lag, and the channels with
                the most events, refreshed every 2 s. Ctrl-C ends it. The nodes announce
                themselves every 5 s, so it takes that long until all are shown.""");
        parser.addArgument("--once").action(Arguments.storeTrue()).help("print once, after 8 s, and end");
    }

    @Override
    public void run(Namespace arguments, OpenLog log, Terminal terminal) {
        try {
            NodeWatch nodes = watch(log.bus());
            try {
                show(nodes, log, arguments.getBoolean("once"), terminal);
            } finally {
                nodes.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (CommandFailedException | EventStoreException e) {
            throw e;
        } catch (Exception e) {
            throw new CommandFailedException(
                    "the bus (eventStream.bus) cannot be used: " + Terminal.oneLine(String.valueOf(e.getMessage())), e);
        }
    }

    private static NodeWatch watch(@Nullable BusVisitor bus) throws Exception {
        if (bus == null) {
            throw new CommandFailedException("the application has no bus, so its nodes do not announce themselves");
        }
        return bus.watch();
    }

    private static void show(NodeWatch nodes, OpenLog log, boolean isOnce, Terminal terminal) throws Exception {
        TopPage page = new TopPage(log.clock());
        LogRates rates = new LogRates(log.store(), log.clock());
        do {
            receive(nodes, isOnce ? NodeWatch.ROUND : REFRESH);
            rates.sample();
            if (!isOnce) {
                terminal.clear();
            }
            terminal.line(
                    page.text(nodes.nodes(), rates.rates(), log.store().size().orElse(null)));
        } while (!isOnce && !terminal.isClosed());
    }

    private static void receive(NodeWatch nodes, Duration time) throws Exception {
        Stopwatch waited = Stopwatch.createStarted();
        while (waited.elapsed().compareTo(time) < 0) {
            nodes.receive();
        }
    }
}
