package dev.eventstream.command;

import dev.eventstream.bus.BusVisitor;
import dev.eventstream.channel.AccessChange;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.PlainText;
import dev.eventstream.control.ProxyHealth;
import java.util.ArrayList;
import java.util.List;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.jspecify.annotations.Nullable;

/**
 * {@code events kick}: ends all streams of a user, or has the rights of a user to read a channel checked again, on every node and at every
 * proxy. The nodes ask their authorizers; this process does not.
 */
public final class KickCommand implements Subcommand {
    /** As long as the name of a principal that is stored. */
    private static final int MAX_USER_LENGTH = 255;

    @Override
    public String name() {
        return "kick";
    }

    @Override
    public void configure(Subparser parser) {
        parser.help("end the streams of a user");
        parser.description("""
                Ends all streams of a user, on every node and at every proxy. First end
                the user's session, or else the user can open new streams.
                With CHANNEL, the authorizer is asked again about the user's streams of
                this channel. They end if the user may not read it any longer.""");
        parser.addArgument("user").metavar("USER").help("the name of the principal");
        parser.addArgument("channel")
                .metavar("CHANNEL")
                .nargs("?")
                .help("a channel that the user may not read any longer");
        parser.addArgument("--reason")
                .metavar("TEXT")
                .setDefault("You have been disconnected.")
                .help("what the user's clients are told; not with\nCHANNEL");
    }

    @Override
    public void run(Namespace arguments, OpenLog log, Terminal terminal) {
        String user = user(arguments.getString("user"));
        String channel = arguments.getString("channel");
        AccessChange change = channel == null
                ? new AccessChange.Disconnected(user, arguments.getString("reason"))
                : new AccessChange.OfUser(user, new ChannelName(channel));
        List<String> failures = new ArrayList<>();
        try {
            terminal.line(publish(change, log.bus()));
            atProxies(change, log.proxies(), terminal, failures);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("was interrupted; run it again", e);
        }
        if (!failures.isEmpty()) {
            throw new CommandFailedException(
                    String.join("; ", failures) + "; streams there may still be open, so run it again");
        }
    }

    private static String user(String user) {
        if (user.isEmpty() || user.length() > MAX_USER_LENGTH || !PlainText.isPlain(user)) {
            throw new CommandFailedException("user " + PlainText.quote(user) + " is not allowed; allowed are 1 to "
                    + MAX_USER_LENGTH + " characters without control characters");
        }
        return user;
    }

    private static String publish(AccessChange change, @Nullable BusVisitor bus) throws InterruptedException {
        if (bus == null) {
            throw new CommandFailedException("the application has no bus, so a command cannot reach its nodes; call"
                    + " EventStream.disconnect in the application");
        }
        try {
            bus.accessChanged(change);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new CommandFailedException(
                    "the bus (eventStream.bus) cannot be used, so no node was reached: "
                            + Terminal.oneLine(String.valueOf(e.getMessage())),
                    e);
        }
        return bus.carriesEvents()
                ? "The nodes have been told."
                : "The nodes will see it within eventStream.pollInterval.";
    }

    private static void atProxies(
            AccessChange change, @Nullable ProxyKicks proxies, Terminal terminal, List<String> failures)
            throws InterruptedException {
        if (proxies == null) {
            return;
        }
        for (ProxyHealth proxy : kicked(change, proxies)) {
            if (proxy.lane().isFailing()) {
                failures.add("proxy \"" + proxy.name() + "\" was not reached, because it "
                        + proxy.lane().lastFailure());
            } else {
                terminal.line("Proxy \"" + proxy.name() + "\" has been told.");
            }
        }
    }

    private static List<ProxyHealth> kicked(AccessChange change, ProxyKicks proxies) throws InterruptedException {
        if (change instanceof AccessChange.Disconnected disconnected) {
            return proxies.disconnect(disconnected.user(), disconnected.reason());
        }
        return proxies.question(((AccessChange.OfUser) change).channel());
    }
}
