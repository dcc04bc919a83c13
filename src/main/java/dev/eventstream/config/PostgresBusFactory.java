package dev.eventstream.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.eventstream.bus.Bus;
import dev.eventstream.bus.postgres.PostgresBus;
import dev.eventstream.channel.PlainText;
import io.dropwizard.db.DataSourceFactory;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code bus: {type: postgres}}: NOTIFY. Its address and user are those of the database unless they are set here. */
@JsonTypeName("postgres")
public final class PostgresBusFactory implements BusFactory {
    private static final String PREFIX = "jdbc:postgresql:";
    private static final Pattern CHANNEL = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

    @JsonProperty
    private @Nullable String url;

    @JsonProperty
    private @Nullable String user;

    @JsonProperty
    private @Nullable String password;

    @JsonProperty
    private String channel = "eventstream";

    @Override
    public Optional<Bus> build(Setup setup) {
        Library.require("org.postgresql.PGConnection", "eventStream.bus 'postgres'", "org.postgresql:postgresql");
        if (!CHANNEL.matcher(channel).matches()) {
            throw new IllegalArgumentException("eventStream.bus.channel is " + PlainText.quote(channel)
                    + "; allowed are 1 to 63 characters from a to z, 0 to 9 and _, the first not a digit");
        }
        Optional<DataSourceFactory> database = setup.database()
                .settings()
                .filter(DataSourceFactory.class::isInstance)
                .map(DataSourceFactory.class::cast);
        String address = chosen(url, database.map(DataSourceFactory::getUrl).orElse(""));
        if (!address.startsWith(PREFIX)) {
            // the address may contain a password
            throw new IllegalArgumentException(
                    url == null
                            ? "eventStream.bus.url is missing, and the database is not PostgreSQL; allowed is an address that"
                                    + " begins with " + PREFIX
                            : "eventStream.bus.url does not begin with " + PREFIX);
        }
        return Optional.of(new PostgresBus(
                address,
                chosen(user, database.map(DataSourceFactory::getUser).orElse("")),
                chosen(password, database.map(DataSourceFactory::getPassword).orElse("")),
                channel));
    }

    private static String chosen(@Nullable String value, String other) {
        return value == null ? other : value;
    }
}
