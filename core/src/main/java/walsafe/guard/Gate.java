package walsafe.guard;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import walsafe.guard.Forbidden.Freedom;

/**
 * The connection that a work sees: the real one, less what belongs to the guard. Valid for one work; afterwards every
 * call throws, so that a connection carried away does no harm. Calls of several threads wait for each other, so that none
 * slips in behind the end. Result sets are the driver's own: it is possible, and wrong, to reach the real connection
 * through {@code getStatement()} of one.
 *
 * <p>What the work did not close is closed at its end, before the transaction is: a query that is not read to its end
 * goes on reading after COMMIT, and pins its old state and its lock (lang_transaction.html, 2.1).
 */
final class Gate {
    private static final Set<String> NOT_A_WORKS = Set.of(
            "commit",
            "rollback",
            "setAutoCommit",
            "setSavepoint",
            "releaseSavepoint",
            "close",
            "abort",
            "setReadOnly",
            "setTransactionIsolation",
            "setNetworkTimeout",
            "unwrap");

    private final Connection real;
    private final Freedom freedom;
    private final Check alive;
    private final Connection guarded;
    private final Set<AutoCloseable> leftOpen = Collections.newSetFromMap(new IdentityHashMap<>(4)); // guarded by this
    private boolean open = true; // guarded by this

    /** Asked before each call. */
    @FunctionalInterface
    interface Check {
        /** Throws if nothing more may be done. */
        void run() throws SQLException;
    }

    Gate(Connection real, Freedom freedom, Check alive) {
        this.real = real;
        this.freedom = freedom;
        this.alive = alive;
        this.guarded = proxy(Connection.class, this::onConnection);
    }

    Connection connection() {
        return guarded;
    }

    synchronized void shut() {
        open = false;
        for (AutoCloseable left : leftOpen) {
            try {
                left.close();
            } catch (Exception e) {
                // It is closed all the same: sqlite3_finalize() repeats the error of the last step, which was told
                // then.
            }
        }
        leftOpen.clear();
    }

    private synchronized @Nullable Object onConnection(Object proxy, Method method, Object @Nullable [] arguments)
            throws Throwable {
        String name = method.getName();
        if (method.getDeclaringClass() == Object.class) return ofObject(proxy, method, arguments);
        if (name.equals("isClosed")) return !open || real.isClosed();
        if (name.equals("isValid") && !open) return false;
        if (name.equals("isWrapperFor")) return false;
        mustBeOpen();
        if (NOT_A_WORKS.contains(name)) {
            throw new SQLException(
                    "Connection." + name + " is not a work's to call: the transaction is the guard's", "25000");
        }
        if (name.startsWith("prepare")) Forbidden.check(sql(arguments), freedom);
        Object result = call(real, method, arguments);
        if (result instanceof Statement statement) leftOpen.add(statement);
        if (result instanceof CallableStatement call) return statement(CallableStatement.class, call);
        if (result instanceof PreparedStatement prepared) return statement(PreparedStatement.class, prepared);
        if (result instanceof Statement statement) return statement(Statement.class, statement);
        if (result instanceof DatabaseMetaData data) return metaData(data);
        return result;
    }

    private <S extends Statement> S statement(Class<S> type, S statement) {
        return proxy(type, (proxy, method, arguments) -> {
            // The one call that is made while another is under way.
            if (method.getName().equals("cancel")) return call(statement, method, arguments);
            synchronized (this) {
                return onStatement(statement, proxy, method, arguments);
            }
        });
    }

    private @Nullable Object onStatement(
            Statement statement, Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        String name = method.getName();
        if (method.getDeclaringClass() == Object.class) return ofObject(proxy, method, arguments);
        if (name.equals("getConnection")) return guarded;
        if (name.equals("unwrap")) throw new SQLException("a work's statement cannot be unwrapped", "25000");
        if (name.equals("isWrapperFor")) return false;
        if (name.equals("close")) leftOpen.remove(statement);
        else if (!name.equals("isClosed")) mustBeOpen();
        boolean takesSql = name.startsWith("execute") || name.equals("addBatch");
        if (takesSql) Forbidden.check(sql(arguments), freedom);
        return call(statement, method, arguments);
    }

    private DatabaseMetaData metaData(DatabaseMetaData data) {
        return proxy(DatabaseMetaData.class, (proxy, method, arguments) -> {
            if (method.getName().equals("getConnection")) return guarded;
            if (method.getDeclaringClass() == Object.class) return ofObject(proxy, method, arguments);
            return onMetaData(data, method, arguments);
        });
    }

    private synchronized @Nullable Object onMetaData(
            DatabaseMetaData data, Method method, Object @Nullable [] arguments) throws Throwable {
        mustBeOpen();
        if (method.getName().equals("unwrap")) throw new SQLException("a work's metadata cannot be unwrapped", "25000");
        Object result = call(data, method, arguments);
        if (result instanceof ResultSet rows) leftOpen.add(rows);
        return result;
    }

    private void mustBeOpen() throws SQLException {
        if (!open) throw new SQLException("this connection was a work's, and the work has ended", "08003");
        alive.run();
    }

    private static String sql(Object @Nullable [] arguments) {
        return arguments != null && arguments.length > 0 && arguments[0] instanceof String text ? text : "";
    }

    private static @Nullable Object call(Object target, Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    private static Object ofObject(Object proxy, Method method, Object @Nullable [] arguments) {
        return switch (method.getName()) {
            case "equals" -> arguments != null && proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> "a work's connection";
        };
    }

    private static <I> I proxy(Class<I> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
