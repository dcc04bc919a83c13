package dev.eventstream.example;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import dev.eventstream.EventStream;
import dev.eventstream.EventStreamBundle;
import io.dropwizard.assets.AssetsBundle;
import io.dropwizard.auth.AuthDynamicFeature;
import io.dropwizard.auth.AuthValueFactoryProvider;
import io.dropwizard.core.Application;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.db.DataSourceFactory;
import io.dropwizard.migrations.MigrationsBundle;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import org.jdbi.v3.core.Jdbi;

/** The example service: a chat, and pages that let you check what the bundle guarantees. */
public final class ExampleApplication extends Application<ExampleConfiguration> {
    /** The users of the reference configuration, which the page for signing in shows. */
    private static final Map<String, String> DEMO_ACCOUNTS = Map.of("alice", "wonderland", "bob", "builder");

    private final Readers readers = new Readers(Clock.systemUTC());
    private final EventStreamBundle<ExampleConfiguration> eventStream =
            EventStreamBundle.<ExampleConfiguration>builder()
                    .configuration(ExampleConfiguration::getEventStream)
                    .database(ExampleConfiguration::getDatabase)
                    .authorizer(new RoomAuthorizer(
                            (user, room) -> readers.permissions().mayEnter(user, room)))
                    .authFilter((configuration, environment) -> readers.filter())
                    .principalByName((configuration, environment) -> readers::user)
                    .validUntil(Readers::validUntil)
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
        bootstrap.addBundle(readers); // first, because the event stream asks it
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
        Jdbi jdbi = readers.jdbi();
        Chat chat = new Chat(jdbi, events, clock);
        ScheduledExecutorService seconds =
                environment.lifecycle().scheduledExecutorService("time-%d").build();
        ScheduledExecutorService demos = environment
                .lifecycle()
                .scheduledExecutorService("demo-%d")
                .threads(4)
                .build();
        Numbers numbers = new Numbers(jdbi, events, clock);
        Prices prices = new Prices(jdbi, events, clock);
        Machine machine = new Machine(Machine.ofJvm(), jdbi, events, clock);
        Answers answers = new Answers(jdbi, events, clock);
        AnswerWriter writer = new AnswerWriter(answers, demos);

        environment.jersey().register(new MessagesResource(chat));
        environment.jersey().register(new FormLimit());
        environment.jersey().register(new OwnPages());
        environment.jersey().register(new SignInResource(readers, events));
        environment.jersey().register(new PrivateRoomsResource(chat, readers, events));
        environment.jersey().register(new AuthDynamicFeature(readers.cookieFilter()));
        environment.jersey().register(new AuthValueFactoryProvider.Binder<>(User.class));
        Optional<Supervision> supervision = Optional.ofNullable(configuration.getSupervision());
        supervision.ifPresent(run -> supervise(run, environment, demos, clock));
        environment
                .jersey()
                .register(new PagesResource(supervision, readers.passwords().areExactly(DEMO_ACCOUNTS)));
        environment.jersey().register(new LibraryPagesResource(chat));
        environment
                .jersey()
                .register(new DemandResource(Map.of(
                        Numbers.CHANNEL,
                        new OnDemand(Numbers.CHANNEL, Numbers.INTERVAL, numbers::sendNext, demos, clock),
                        Prices.SOURCE,
                        new OnDemand(Prices.SOURCE, Prices.INTERVAL, prices::sendNext, demos, clock),
                        Machine.SOURCE,
                        new OnDemand(Machine.SOURCE, Machine.INTERVAL, machine::sendNext, demos, clock))));
        environment.jersey().register(new AnswersResource(answers, writer));
        environment.lifecycle().manage(writer);
        environment.lifecycle().manage(new TimeSender(events, seconds, clock));
        revalidateAssets(environment);
    }

    private static void supervise(
            Supervision supervision, Environment environment, ScheduledExecutorService executor, Clock clock) {
        NodeFiles files = new NodeFiles(supervision, clock);
        environment.jersey().register(new NodesResource(supervision, files));
        environment.lifecycle().manage(new NodeReporter(files, () -> openStreams(environment.metrics()), executor));
    }

    private static int openStreams(MetricRegistry metrics) {
        Gauge<?> streams = metrics.getGauges().get("eventstream.streams.open");
        return streams != null && streams.getValue() instanceof Number count ? count.intValue() : 0;
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
}
