package dev.eventstream.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.eventstream.bus.Bus;
import dev.eventstream.bus.nats.NatsBus;
import dev.eventstream.channel.PlainText;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** {@code bus: {type: nats}}: a NATS subject. */
@JsonTypeName("nats")
public final class NatsBusFactory implements BusFactory {
    private static final Pattern SERVER = Pattern.compile("(nats|tls)://([^@/\\s,]+@)?[^@/\\s,:]+:[0-9]{1,5}");
    private static final Pattern SUBJECT = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+){0,15}");

    @JsonProperty
    private List<String> servers = List.of("nats://127.0.0.1:4222");

    @JsonProperty
    private String subject = "eventstream";

    @Override
    public Optional<Bus> build(Setup setup) {
        Library.require("io.nats.client.Nats", "eventStream.bus 'nats'", "io.nats:jnats");
        for (int i = 0; i < servers.size(); i++) {
            if (!SERVER.matcher(servers.get(i)).matches()) {
                // it may contain a password
                throw new IllegalArgumentException("eventStream.bus.servers[" + i
                        + "] is not a NATS address; allowed is" + " nats://[user:password@]host:port, or tls");
            }
        }
        if (servers.isEmpty()) {
            throw new IllegalArgumentException("eventStream.bus.servers is empty; allowed are one or more addresses");
        }
        if (!SUBJECT.matcher(subject).matches()) {
            throw new IllegalArgumentException("eventStream.bus.subject is " + PlainText.quote(subject)
                    + "; allowed are words of letters, digits, - and _, joined by dots");
        }
        return Optional.of(new NatsBus(String.join(",", servers), subject));
    }
}
