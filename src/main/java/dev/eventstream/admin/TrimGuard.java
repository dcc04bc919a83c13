package dev.eventstream.admin;

import dev.eventstream.admin.action.TrimRequest;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Filters requests to {@link TrimTask}, because a Dropwizard task cannot see the request's headers and can only answer 200 or
 * 500.
 *
 * <p>Answers 403 to requests that a page of another site makes an operator's browser send ({@code Sec-Fetch-Site},
 * {@code Origin}), and 400 to wrong parameters. Passes the client on to the task in the MDC, for its log line.
 *
 * <p>Stateless, thread-safe.
 */
public final class TrimGuard implements Filter {
    /** Path of the task, below the admin context. */
    public static final String PATH = "/tasks/" + TrimTask.NAME;

    private static final Logger LOGGER = LoggerFactory.getLogger(TrimGuard.class);

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest http = (HttpServletRequest) request;
        HttpServletResponse answer = (HttpServletResponse) response;
        if (!http.getMethod().equals("POST")) {
            chain.doFilter(request, response);
        } else if (AdminRequest.isForeign(http)) {
            LOGGER.warn(
                    "A trim was refused: a page of another site made the browser of {} send it",
                    AdminRequest.client(http));
            refuse(answer, HttpServletResponse.SC_FORBIDDEN, "pages of other sites may not trim channels");
        } else {
            run(http, answer, chain);
        }
    }

    private static void run(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        try {
            TrimRequest.parse(parameters(request));
        } catch (IllegalArgumentException e) {
            refuse(response, HttpServletResponse.SC_BAD_REQUEST, String.valueOf(e.getMessage()));
            return;
        }
        MDC.put(TrimTask.CLIENT, AdminRequest.client(request));
        try {
            chain.doFilter(request, response);
        } finally {
            MDC.remove(TrimTask.CLIENT);
        }
    }

    private static Map<String, List<String>> parameters(HttpServletRequest request) {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        request.getParameterMap().forEach((name, values) -> parameters.put(name, Arrays.asList(values)));
        return parameters;
    }

    private static void refuse(HttpServletResponse response, int status, String message) throws IOException {
        response.setStatus(status);
        response.setContentType("text/plain;charset=utf-8");
        response.getWriter().println(message);
    }
}
