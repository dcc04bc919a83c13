package dev.eventstream.store.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.eventstream.store.EventStoreException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The dialect for each database. */
class DialectTest {

    @ParameterizedTest
    @CsvSource({
        "H2, 2.4.240, H2Dialect",
        "PostgreSQL, 15.1, PostgresDialect",
        "MariaDB, 10.11.19-MariaDB, MariaDbDialect",
        "MySQL, 5.5.5-10.11.19-MariaDB-0+deb12u1, MariaDbDialect"
    })
    void a_database_is_recognised_by_what_its_driver_reports(String product, String version, String dialect) {
        assertThat(dialectOf(product, version).getClass()).hasToString("class dev.eventstream.store.jdbi." + dialect);
    }

    @Test
    void a_database_that_was_never_tested_is_refused_by_name() {
        assertThatExceptionOfType(EventStoreException.class)
                .isThrownBy(() -> dialectOf("MySQL", "8.4.3"))
                .withMessage(
                        "dropwizard-eventstream keeps its log in H2, PostgreSQL or MariaDB, and this database is MySQL"
                                + " 8.4.3");
    }

    private static Dialect dialectOf(String product, String version) {
        try (Handle handle = Jdbi.create(connection(product, version)).open()) {
            return Dialects.of(handle);
        }
    }

    private static Connection connection(String product, String version) {
        DatabaseMetaData metaData = proxy(DatabaseMetaData.class, call -> switch (call) {
            case "getDatabaseProductName" -> product;
            case "getDatabaseProductVersion" -> version;
            default -> false;
        });
        return proxy(Connection.class, call -> call.equals("getMetaData") ? metaData : call.equals("getAutoCommit"));
    }

    private interface Answers {
        Object to(String call);
    }

    private static <T> T proxy(Class<T> type, Answers answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> answers.to(method.getName())));
    }
}
