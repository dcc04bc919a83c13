package dev.eventstream.recipe;

import dev.eventstream.EventStreamBundle;
import dev.eventstream.channel.ChannelAuthorizer;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.Reader;
import io.dropwizard.auth.AuthFilter;
import io.dropwizard.auth.PrincipalImpl;
import io.dropwizard.core.Configuration;
import java.util.Optional;

/** Samples of the manual that have only a few lines, with everything that they need to compile. */
abstract class Fragments {
    private final Users users;

    Fragments(Users users) {
        this.users = users;
    }

    /** The users of an application. */
    interface Users {
        Optional<PrincipalImpl> find(String name);
    }

    abstract AuthFilter<?, PrincipalImpl> passwords(Configuration configuration);

    /** docs/PROXIES.md. */
    EventStreamBundle.Builder<Configuration> readersWhoSignIn(EventStreamBundle.Builder<Configuration> builder) {
        return builder.authFilter((configuration, environment) -> passwords(configuration))
                .principalByName((configuration, environment) -> name -> users.find(name));
    }

    /** docs/PRESENCE.md. */
    abstract static class MembersSeeNames implements ChannelAuthorizer {
        abstract boolean isMember(Reader reader, ChannelName channel);

        @Override
        public boolean mayReadPresence(Reader reader, ChannelName channel) {
            return isMember(reader, channel);
        }
    }
}
