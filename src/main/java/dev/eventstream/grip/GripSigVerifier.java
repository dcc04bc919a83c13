package dev.eventstream.grip;

import dev.eventstream.channel.PlainText;
import dev.eventstream.grip.key.VerifyKey;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.ErrorCodes;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.jwt.consumer.JwtContext;
import org.jspecify.annotations.Nullable;

/**
 * Verifies {@code Grip-Sig}, the JWT by which a proxy proves that a request came through it.
 *
 * <p>A valid token has at most {@value #MAX_LENGTH} characters, a signature by the key of one of the proxies with that key's
 * algorithm, an {@code exp} that has not passed, no {@code nbf} in the future, the configured issuer, no duplicate claim and no
 * {@code crit}. Clocks may differ by 30 seconds. The token is not bound to its request: a stolen one is valid for any request
 * until it expires (Pushpin's after an hour), so it must not be logged.
 *
 * <p>Thread-safe. Remembers no token; a check verifies one signature for each proxy with a key of the token's algorithm, up to the
 * first that matches.
 */
public final class GripSigVerifier {
    static final int MAX_LENGTH = 4096;
    static final Duration LEEWAY = Duration.ofSeconds(30);

    private static final Pattern COMPACT = Pattern.compile("[A-Za-z0-9_-]++\\.[A-Za-z0-9_-]++\\.[A-Za-z0-9_-]++");
    private static final GripSignature NOBODYS = new GripSignature.Refused(
            "is signed by none of the proxies in"
                    + " eventStream.grip.proxies; their verifyKey must be the key that the proxy signs with (Pushpin's sig_key)");

    /** Wrong ES256 signatures that are verified per second; each costs 1 to 2 ms. */
    static final int MAX_FAILURES_PER_SECOND = 200;

    private static final GripSignature NOT_NOW = new GripSignature.Refused(
            "is not verified: " + MAX_FAILURES_PER_SECOND + " within this second were signed by none of the proxies");

    private final List<TrustedProxy> proxies;
    private final Clock clock;
    private final AtomicReference<Failures> failures = new AtomicReference<>(new Failures(0, 0));

    private record Failures(long second, int count) {}

    /** @param proxies tried in this order */
    public GripSigVerifier(List<TrustedProxy> proxies, Clock clock) {
        this.proxies = List.copyOf(proxies);
        this.clock = clock;
    }

    /**
     * Determines which proxy sent a request.
     *
     * @param headers all {@code Grip-Sig} headers of the request
     */
    public GripSignature check(List<String> headers) {
        if (headers.isEmpty()) {
            return new GripSignature.Absent();
        } else if (headers.size() > 1) {
            return new GripSignature.Refused("occurs " + headers.size() + " times");
        }
        String token = headers.get(0);
        if (token.length() > MAX_LENGTH) {
            return new GripSignature.Refused("has " + token.length() + " characters; allowed are " + MAX_LENGTH);
        } else if (!COMPACT.matcher(token).matches()) {
            return new GripSignature.Refused("is not a JWT");
        }
        return ask(token);
    }

    private GripSignature ask(String token) {
        GripSignature answer = NOBODYS;
        @Nullable TrustedProxy believed = null;
        for (TrustedProxy proxy : proxies) {
            VerifyKey key = proxy.key();
            if (key == null) {
                believed = believed == null ? proxy : believed;
                continue;
            }
            if (!key.isShared() && tooManyFail()) {
                return NOT_NOW;
            }
            GripSignature said = verify(token, proxy, key);
            if (!key.isShared() && said.equals(NOBODYS)) {
                countFailure();
            }
            if (said instanceof GripSignature.By) {
                return said;
            }
            answer = said.equals(NOBODYS) ? answer : said;
        }
        return believed == null ? answer : new GripSignature.By(believed.name());
    }

    // a wrong signature costs us more than its sender
    private boolean tooManyFail() {
        Failures now = failures.get();
        return now.second == clock.instant().getEpochSecond() && now.count >= MAX_FAILURES_PER_SECOND;
    }

    private void countFailure() {
        long second = clock.instant().getEpochSecond();
        failures.updateAndGet(
                before -> before.second == second ? new Failures(second, before.count + 1) : new Failures(second, 1));
    }

    private GripSignature verify(String token, TrustedProxy proxy, VerifyKey key) {
        try {
            JwtContext verified = consumer(proxy, key).build().process(token);
            // a nested token has two; crit would change the meaning of the others
            return verified.getJoseObjects().size() == 1
                            && verified.getJoseObjects().get(0).getObjectHeader("crit") == null
                    ? new GripSignature.By(proxy.name())
                    : new GripSignature.Refused("has a header that is not understood, crit or cty");
        } catch (InvalidJwtException e) {
            return refuse(e, proxy);
        }
    }

    private JwtConsumerBuilder consumer(TrustedProxy proxy, VerifyKey key) {
        JwtConsumerBuilder consumer = new JwtConsumerBuilder()
                .setVerificationKey(key.key())
                .setJwsAlgorithmConstraints(ConstraintType.PERMIT, key.algorithm())
                .setRequireExpirationTime()
                .setEvaluationTime(NumericDate.fromSeconds(clock.instant().getEpochSecond()))
                .setAllowedClockSkewInSeconds(Math.toIntExact(LEEWAY.toSeconds()))
                .setSkipDefaultAudienceValidation();
        if (proxy.issuer() != null) {
            consumer.setExpectedIssuer(true, proxy.issuer());
        }
        // shared secrets of less than 256 bits are common, such as Pushpin's own changeme
        return key.isShared() ? consumer.setRelaxVerificationKeyValidation() : consumer;
    }

    // its message quotes the token
    private GripSignature refuse(InvalidJwtException e, TrustedProxy proxy) {
        String by = "is signed by " + proxy.name() + " and ";
        if (e.hasErrorCode(ErrorCodes.ISSUER_MISSING) || e.hasErrorCode(ErrorCodes.ISSUER_INVALID)) {
            return new GripSignature.Refused(by + "its issuer is " + issuer(e) + "; verifyIss is "
                    + PlainText.quote(String.valueOf(proxy.issuer())));
        } else if (e.hasErrorCode(ErrorCodes.EXPIRED)) {
            return new GripSignature.Refused(by + "has expired; compare the clocks of both machines if it is new");
        } else if (e.hasErrorCode(ErrorCodes.NOT_YET_VALID)) {
            return new GripSignature.Refused(by + "is not valid yet; compare the clocks of both machines");
        } else if (e.hasErrorCode(ErrorCodes.EXPIRATION_MISSING)) {
            return new GripSignature.Refused(by + "has no expiry");
        } else if (e.hasErrorCode(ErrorCodes.JSON_INVALID) || e.hasErrorCode(ErrorCodes.MALFORMED_CLAIM)) {
            return new GripSignature.Refused(by + "has claims that cannot be read");
        }
        return NOBODYS;
    }

    private static String issuer(InvalidJwtException e) {
        try {
            String issuer = e.getJwtContext().getJwtClaims().getIssuer();
            return issuer == null ? "missing" : PlainText.quote(issuer);
        } catch (MalformedClaimException malformed) {
            return "no text";
        }
    }
}
