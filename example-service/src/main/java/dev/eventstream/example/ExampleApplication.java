package dev.eventstream.example;

import dev.eventstream.EventStream;
import dev.eventstream.EventStreamBundle;
import io.dropwizard.assets.AssetsBundle;
import io.dropwizard.auth.AuthFilter;
import io.dropwizard.auth.PrincipalImpl;
import io.dropwizard.auth.basic.BasicCredentialAuthFilter;
import io.dropwizard.core.Application;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.db.DataSourceFactory;
import io.dropwizard.jdbi3.JdbiFactory;
import io.dropwizard.migrations.MigrationsBundle;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import org.jdbi.v3.core.Jdbi;

/** The example service: a chat, and pages that let you check what the bundle guarantees. */
public final class ExampleApplication extends Application<ExampleConfiguration> {
    private final EventStreamBundle<ExampleConfiguration> eventStream =
            EventStreamBundle.<ExampleConfiguration>builder()
                    .configuration(ExampleConfiguration::getEventStream)
                    .database(ExampleConfiguration::getDatabase)
                    .authorizer(new RoomAuthorizer())
                    .authFilter((configuration, environment) -> passwordFilter(configuration))
                    .principalByName((configuration, environment) -> name -> user(configuration, name))
                    .build();

    public static void main(String[] args) throws Exception {
        new ExampleApplication().run(args);
    }

    @Override
    public String getName() {
        return "example-service";
    }

    @Override
    public void initialize(Bootstrap<ExampleConfiguration> bootstrap) {
        bootstrap.addBundle(eventStream);
        bootstrap.addBundle(new AssetsBundle("/assets", "/assets", "index.html", "assets"));
        bootstrap.addBundle(new AssetsBundle("/META-INF/resources/webjars", "/webjars", "index.html", "webjars"));
        bootstrap.addBundle(new MigrationsBundle<>() {
            @Override
            public DataSourceFactory getDataSourceFactory(ExampleConfiguration configuration) {
                return configuration.getDatabase();
            }
        });
    }

    @Override
    public void run(ExampleConfiguration configuration, Environment environment) {
        EventStream events = eventStream.eventStream();
        Clock clock = Clock.systemUTC();
        Jdbi jdbi = new JdbiFactory().build(environment, configuration.getDatabase(), "chat");
        Chat chat = new Chat(jdbi, events, clock);
        ScheduledExecutorService seconds =
                environment.lifecycle().scheduledExecutorService("time-%d").build();
        ScheduledExecutorService demos = environment
                .lifecycle()
                .scheduledExecutorService("demo-%d")
                .threads(3)
                .build();
        Numbers numbers = new Numbers(jdbi, events, clock);
        Prices prices = new Prices(jdbi, events, clock);
        Answers answers = new Answers(jdbi, events, clock);
        AnswerWriter writer = new AnswerWriter(answers, demos);

        environment.jersey().register(new MessagesResource(chat));
        environment.jersey().register(new FormLimit());
        Optional<Path> restartFile =
                Optional.ofNullable(configuration.getRestartFile()).map(Path::of);
        restartFile.ifPresent(file -> environment.jersey().register(new RestartResource(file)));
        environment.jersey().register(new PagesResource(restartFile.isPresent()));
        environment.jersey().register(new LibraryPagesResource(chat));
        environment
                .jersey()
                .register(new DemandResource(Map.of(
                        Numbers.CHANNEL,
                        new OnDemand(Numbers.CHANNEL, Numbers.INTERVAL, numbers::sendNext, demos, clock),
                        Prices.SOURCE,
                        new OnDemand(Prices.SOURCE, Prices.INTERVAL, prices::sendNext, demos, clock))));
        environment.jersey().register(new AnswersResource(answers, writer));
        environment.lifecycle().manage(writer);
        environment.lifecycle().manage(new TimeSender(events, seconds, clock));
        revalidateAssets(environment);
    }

    // without this, browsers guess how long they may cache a script, and run an old one with a new page
    private static void revalidateAssets(Environment environment) {
        Filter noCache = (request, response, chain) -> {
            ((HttpServletResponse) response).setHeader("Cache-Control", "no-cache");
            chain.doFilter(request, response);
        };
        environment
                .servlets()
                .addFilter("revalidate-assets", noCache)
                .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/assets/*");
    }

    private static Optional<PrincipalImpl> user(ExampleConfiguration configuration, String name) {
        return configuration.getUsers().containsKey(name) ? Optional.of(new PrincipalImpl(name)) : Optional.empty();
    }

    private static AuthFilter<?, PrincipalImpl> passwordFilter(ExampleConfiguration configuration) {
        return new BasicCredentialAuthFilter.Builder<PrincipalImpl>()
                .setAuthenticator(new PasswordAuthenticator(configuration.getUsers()))
                .setRealm("example-service")
                .buildAuthFilter();
    }
}
